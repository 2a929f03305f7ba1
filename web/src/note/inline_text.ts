// The plain text of inline tokens: what a heading's id, an outline and a search index are made of.

import type { Token } from "./types";

export function plainInline(tokens: readonly Token[]): string {
  let text = "";
  let skipped = 0;
  for (const token of tokens) {
    if (token.type === "footnote_mark_open") {
      skipped += 1;
    } else if (token.type === "footnote_mark_close") {
      skipped -= 1;
    } else if (skipped > 0) {
      continue;
    } else if (token.type === "softbreak" || token.type === "hardbreak") {
      text += " ";
    } else if (token.type === "image") {
      text += plainInline(token.children ?? []);
    } else if (token.type !== "html_inline") {
      text += token.content;
    }
  }
  return text;
}
