// Formulas as blocks: from a line that begins with $$ to the first later line that ends with $$, blank lines included,
// or both on one line. No closing line: not a formula. A fence ends the search, so that an unclosed $$ swallows no study.

import type { Parser, StateBlock } from "../types";
import { endsContainer, indent, isCode, lineText, opensFence } from "./lines";
import { renderAsText } from "./render_as";

/** Lines between which a search found no end. Without this, many unclosed $$ would take time squared. */
const barren = new WeakMap<StateBlock, { readonly from: number; readonly to: number }>();

/** The line that ends the formula opened at `start`; -1: there is none. */
function findEnd(state: StateBlock, start: number, end: number): number {
  const known = barren.get(state);
  const skips = known !== undefined && known.from <= start && start < known.to;
  let line = skips ? known.to : start + 1;
  for (; line < end && !endsContainer(state, line); line += 1) {
    const text = lineText(state, line);
    if (opensFence(text)) {
      break;
    }
    if (text.endsWith("$$")) {
      return line;
    }
  }
  barren.set(state, { from: skips ? known.from : start, to: line });
  return -1;
}

function mathBlock(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  if (isCode(state, start)) {
    return false;
  }
  const first = lineText(state, start);
  if (!first.startsWith("$$")) {
    return false;
  }
  const rest = first.slice(2);
  const oneLine = rest.length > 2 && rest.endsWith("$$");
  const opening = oneLine ? rest.slice(0, -2) : rest;
  // With a pair inside, the line is prose that begins with a formula.
  if (opening.includes("$$")) {
    return false;
  }
  const last = oneLine ? start : findEnd(state, start, end);
  if (last < 0) {
    return false;
  }
  if (silent) {
    return true;
  }
  const later = oneLine
    ? ""
    : state
        .getLines(start + 1, last + 1, indent(state, start), false)
        .trimEnd()
        .slice(0, -2);
  const token = state.push("math_block", "div", 0);
  token.attrs = [["class", "math display"]];
  token.content = `${opening}\n${later}`.trim();
  token.map = [start, last + 1];
  token.markup = "$$";
  state.line = last + 1;
  return true;
}

export function mathBlockRule(md: Parser): void {
  md.block.ruler.before("fence", "math_block", mathBlock, { alt: ["paragraph", "reference", "blockquote", "list"] });
  renderAsText(md, "math_block");
}
