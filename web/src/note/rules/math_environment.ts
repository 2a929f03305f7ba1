// LaTeX environments at the start of a paragraph are formulas, from \begin{…} up to the matching \end{…} at the end of a
// line. They hold no blank line, as in LaTeX.

import type { Parser, StateBlock } from "../types";
import { endsContainer, indent, isCode, lineText, opensFence } from "./lines";

const ENVIRONMENTS =
  "equation|align|gather|alignat|aligned|gathered|alignedat|split|array|cases|dcases|rcases|matrix|pmatrix|bmatrix|Bmatrix|vmatrix|Vmatrix|smallmatrix";

const BEGIN = new RegExp(`^\\\\begin\\{((?:${ENVIRONMENTS})\\*?)\\}`);

/** No formula is longer; the search for its end stops here. */
const MOST_LINES = 200;

function mathEnvironment(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  if (isCode(state, start)) {
    return false;
  }
  const name = BEGIN.exec(lineText(state, start))?.[1];
  if (name === undefined) {
    return false;
  }
  const begin = `\\begin{${name}}`;
  const finish = `\\end{${name}}`;
  const count = (text: string, part: string): number => text.split(part).length - 1;
  let depth = 0;
  let line = start;
  for (; line < Math.min(end, start + MOST_LINES); line += 1) {
    const text = lineText(state, line);
    if (text === "" || (line > start && endsContainer(state, line)) || opensFence(text)) {
      return false;
    }
    depth += count(text, begin) - count(text, finish);
    if (depth <= 0) {
      if (depth < 0 || !text.endsWith(finish)) {
        return false;
      }
      break;
    }
  }
  if (depth > 0) {
    return false;
  }
  if (!silent) {
    const token = state.push("math_block", "div", 0);
    token.attrs = [["class", "math display"]];
    token.content = state.getLines(start, line + 1, indent(state, start), false).trim();
    token.map = [start, line + 1];
    token.markup = begin;
    state.line = line + 1;
  }
  return true;
}

export function mathEnvironmentRule(md: Parser): void {
  md.block.ruler.before("paragraph", "math_environment", mathEnvironment);
}
