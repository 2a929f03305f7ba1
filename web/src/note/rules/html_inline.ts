// Raw HTML in a line is read by markdown-it; this stands in front of it and answers at once where an opening such as <!--
// has no end, which its pattern would search for anew from every opening.

import type { Parser, StateInline } from "../types";

const ENDS = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
  ["<!", ">"],
] as const;

/** Ends that do not come any more in a text. */
const missing = new WeakMap<StateInline, Set<string>>();

function hasNoEnd(state: StateInline): boolean {
  const kind = ENDS.find(([opening]) => state.src.startsWith(opening, state.pos));
  if (!kind) {
    return false;
  }
  const [, end] = kind;
  const known = missing.get(state) ?? new Set();
  if (!known.has(end) && !state.src.includes(end, state.pos + 2)) {
    missing.set(state, known.add(end));
  }
  return known.has(end);
}

export function htmlInlineRule(md: Parser): void {
  md.inline.ruler.before("html_inline", "html_without_end", (state, silent) => {
    if (state.src.charCodeAt(state.pos) !== 0x3c || !hasNoEnd(state)) {
      return false;
    }
    if (!silent) {
      state.pending += "<";
    }
    state.pos += 1;
    return true;
  });
}
