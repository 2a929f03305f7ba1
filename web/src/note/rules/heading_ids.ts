// Headings get ids from their text, and the note's top-level headings are collected for outline and contents.

import { plainInline } from "../inline_text";
import { shared, type Parser, type StateCore } from "../types";

/** Text as an id: letters, marks, numbers, "_" and "-" in lower case, blanks as "-". */
export function slug(text: string): string {
  const kept = text
    .normalize("NFC")
    .toLowerCase()
    .trim()
    .replace(/\s/g, " ")
    .replace(/[^\p{L}\p{M}\p{N}_ -]/gu, "")
    .replace(/ /g, "-");
  return kept === "" ? "section" : kept;
}

/** Footnotes of a document name themselves so. Those of slides have a full stop in their names, as no heading has. */
const FOOTNOTE = /^fn(?:ref)?\d+$/;

/** Gives every text an id of its own; a repeat gets -1, -2, …. */
class Ids {
  private readonly taken = new Set<string>();
  private readonly repeats = new Map<string, number>();

  constructor(private readonly reserved: ReadonlySet<string>) {}

  make(text: string): string {
    const base = slug(text);
    let id = base;
    for (let n = this.repeats.get(base) ?? 0; this.isTaken(id);) {
      n += 1;
      id = `${base}-${n}`;
      this.repeats.set(base, n);
    }
    this.taken.add(id);
    return id;
  }

  private isTaken(id: string): boolean {
    return this.taken.has(id) || this.reserved.has(id) || FOOTNOTE.test(id);
  }
}

function headingIds(state: StateCore): void {
  const env = shared(state.env);
  const ids = new Ids(env.reserved);
  let slide = -1;
  let inNotes = false;
  state.tokens.forEach((token, index) => {
    slide += token.type === "slide_open" ? 1 : 0;
    inNotes = token.type === "notes_open" || (inNotes && token.type !== "notes_close");
    const inline = state.tokens[index + 1];
    if (token.type !== "heading_open" || !inline) {
      return;
    }
    const text = plainInline(inline.children ?? []);
    const id = ids.make(text);
    token.attrSet("id", id);
    if (token.level === 0 && !inNotes) {
      const entry = {
        level: Number(token.tag.slice(1)),
        id,
        text: text.trim(),
        line: (token.map?.[0] ?? 0) + env.above + 1,
        inline: inline.children ?? [],
      };
      env.entries.push(entry);
      const here = env.slides[slide];
      if (here) {
        here.entry ??= entry;
      }
    }
  });
}

export function headingIdRule(md: Parser): void {
  md.core.ruler.push("heading_ids", headingIds);
}
