// Comma-separated values as a table (RFC 4180). Cells are text; rows are as long as the head or the longest of them.

import { escapeHtml } from "../text";

/** Cells that may be made up to fill short rows: a wide head over many short rows must not become gigabytes. */
const MOST_FILLED = 65_536;

/** Rows of cells. Quoted cells may hold delimiters, line ends and doubled quotes; blank lines are left out. */
export function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  const separator = delimiter.length === 1 && !'"\n'.includes(delimiter) ? delimiter : ",";
  let row: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    let cell = "";
    if (text.charAt(at) === '"') {
      let end = text.indexOf('"', at + 1);
      while (end >= 0 && text.charAt(end + 1) === '"') {
        cell += text.slice(at + 1, end + 1);
        at = end + 1;
        end = text.indexOf('"', at + 1);
      }
      const stop = end < 0 ? text.length : end;
      cell += text.slice(at + 1, stop);
      at = stop + 1;
    }
    const start = at;
    while (at < text.length && text.charAt(at) !== separator && text.charAt(at) !== "\n") {
      at += 1;
    }
    row.push(cell + text.slice(start, at));
    if (text.charAt(at) !== separator) {
      if (row.length > 1 || row[0] !== "") {
        rows.push(row);
      }
      row = [];
    } else if (at === text.length - 1) {
      row.push("");
    }
  }
  if (row.length > 0) {
    rows.push(row);
  }
  return rows;
}

export function csvTable(text: string, delimiter: string, header: boolean): string {
  const rows = parseCsv(text, delimiter);
  const width = header ? (rows[0]?.length ?? 0) : rows.reduce((most, row) => Math.max(most, row.length), 0);
  let filled = 0;
  const write = (row: readonly string[], cell: "th" | "td"): string => {
    const cells = row.slice(0, width);
    while (cells.length < width && filled < MOST_FILLED) {
      cells.push("");
      filled += 1;
    }
    return `<tr>\n${cells.map((content) => `<${cell}>${escapeHtml(content)}</${cell}>\n`).join("")}</tr>\n`;
  };
  const head = header && rows[0] ? `<thead>\n${write(rows[0], "th")}</thead>\n` : "";
  const body = rows.slice(header ? 1 : 0).map((row) => write(row, "td"));
  return `<table>\n${head}${body.length > 0 ? `<tbody>\n${body.join("")}</tbody>\n` : ""}</table>\n`;
}
