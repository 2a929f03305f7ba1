// Fenced code: language, line numbers and wrapping from the info string; diagrams and tables in a fence; and the fences
// that hold a study, which become the place where the page puts that study's figures.

import { escapeHtml } from "../text";
import { shared, type Parser, type StateCore } from "../types";
import { csvTable } from "./csv";
import { renderAs } from "./render_as";

/** Languages that are drawn, and what a diagram keeps of its parameters. */
const DRAWN = new Set(["mermaid", "graphviz", "vega", "sequence", "flow", "abc"]);
const ENGINE = /^[a-z]{1,20}$/;

export interface Info {
  readonly language: string;
  /** A line number, "+" to go on from the block before, or nothing. */
  readonly number: number | "+" | undefined;
  readonly wrap: boolean;
  readonly parameters: ReadonlyMap<string, string>;
}

/** info = [language] [number] ["!"] [blank rest]; parameters stand in braces in the rest. */
export function readInfo(info: string): Info {
  const [, language = "", number, wrap, rest = ""] = /^([^\s=!{]*)(=\+|=\d{0,9})?(!)?(?:\s+(.*))?/.exec(info) ?? [];
  const braces = /^\{(.*)\}/.exec(rest)?.[1] ?? "";
  const parameters = new Map<string, string>();
  for (const [, key = "", double, single] of braces.matchAll(/([\w-]+)=(?:"([^"]*)"|'([^']*)')/g)) {
    parameters.set(key.toLowerCase(), double ?? single ?? "");
  }
  return {
    language,
    number: number === undefined ? undefined : number === "=+" ? "+" : Number(number.slice(1) || "1"),
    wrap: wrap !== undefined,
    parameters,
  };
}

const lineCount = (text: string): number => text.split("\n").length - 1;

/** Gives fences their attributes; in a pass of its own since line numbers go on from block to block. */
function codeBlocks(state: StateCore): void {
  const env = shared(state.env);
  let next = 1;
  for (const token of state.tokens) {
    if (token.type !== "fence") {
      continue;
    }
    const source = state.md.utils.unescapeAll(token.info).trim();
    if (/^ermine(?!\S)/.test(source)) {
      token.type = "study";
      token.attrs = [
        ["class", "study-place"],
        ["data-line", String((token.map?.[0] ?? 0) + env.above + 1)],
      ];
      continue;
    }
    const info = readInfo(source);
    const plain = info.number === undefined && !info.wrap;
    if (plain && DRAWN.has(info.language)) {
      token.attrs = [
        ["class", "embed"],
        ["data-kind", info.language],
      ];
      const engine = info.parameters.get("engine");
      if (info.language === "graphviz" && engine !== undefined && ENGINE.test(engine)) {
        token.attrs.push(["data-engine", engine]);
      }
      token.info = "";
      continue;
    }
    if (plain && info.language === "csvpreview") {
      token.type = "csv";
      token.meta = { info };
      continue;
    }
    token.info = info.language;
    const classes = [info.number === undefined ? "" : "numbered", info.wrap ? "wrap" : ""].filter(
      (name) => name !== "",
    );
    if (classes.length > 0) {
      token.attrPush(["class", classes.join(" ")]);
    }
    if (info.number !== undefined) {
      const start = info.number === "+" ? next : info.number;
      token.attrPush(["data-start", String(start)]);
      next = start + lineCount(token.content);
    }
  }
}

export function codeRule(md: Parser): void {
  md.core.ruler.after("block", "code_blocks", codeBlocks);
  renderAs(md, "fence", ({ info, content }, attributes) => {
    const language = info === "" ? "" : ` class="language-${escapeHtml(info)}"`;
    return `<pre${attributes}><code${language}>${escapeHtml(content)}</code></pre>\n`;
  });
  renderAs(md, "study", ({ content }, attributes) => {
    return `<div${attributes}><pre><code class="language-yaml">${escapeHtml(content)}</code></pre></div>\n`;
  });
  renderAs(md, "csv", ({ content, meta }) => {
    const { parameters } = meta?.["info"] as Info;
    return csvTable(content, parameters.get("delimiter") ?? ",", parameters.get("header") === "true");
  });
}
