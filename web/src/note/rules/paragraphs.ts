// Paragraphs that are exactly one directive become a block of their own.

import type { StateCore, Token } from "../types";

/** Replaces every paragraph for whose text `make` gives a token by that token. Run between the passes for blocks and for inline syntax. */
export function replaceParagraphs(state: StateCore, make: (text: string) => Token | undefined): void {
  const made: Token[] = [];
  let skipped = 0;
  state.tokens.forEach((token, index) => {
    if (skipped > 0) {
      skipped -= 1;
      return;
    }
    const inline = state.tokens[index + 1];
    const replacement = token.type === "paragraph_open" && inline ? make(inline.content) : undefined;
    if (replacement) {
      replacement.block = true;
      replacement.map = token.map;
      replacement.level = token.level;
      skipped = 2; // the text and the end of the paragraph
    }
    made.push(replacement ?? token);
  });
  state.tokens = made;
}
