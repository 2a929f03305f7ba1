// Formulas in a line: $…$, and $$…$$ for display style. The opening dollar stands before a non-space; the first dollar
// after it that no backslash escapes must close: after a non-space and not before a digit. Otherwise it is money.

import type { Parser, StateInline } from "../types";
import { renderAsText } from "./render_as";

const DOLLAR = 0x24;
const BACKSLASH = 0x5c;

/** The first dollar at or after `from` that is not escaped; -1: there is none. */
function nextDollar(source: string, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    const code = source.charCodeAt(at);
    if (code === BACKSLASH) {
      at += 1;
    } else if (code === DOLLAR) {
      return at;
    }
  }
  return -1;
}

function closingOne(source: string, from: number, end: number): number {
  if (from >= end || /\s/.test(source.charAt(from))) {
    return -1;
  }
  const at = nextDollar(source, from, end);
  const closes = at > from && !/\s/.test(source.charAt(at - 1)) && !(at + 1 < end && /\d/.test(source.charAt(at + 1)));
  return closes ? at : -1;
}

function closingTwo(source: string, from: number, end: number): number {
  for (let at = nextDollar(source, from, end); at >= 0; at = nextDollar(source, at + 1, end)) {
    if (at + 1 < end && source.charCodeAt(at + 1) === DOLLAR) {
      return source.slice(from, at).trim() === "" ? -1 : at;
    }
  }
  return -1;
}

function mathInline(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax } = state;
  let run = 0;
  while (pos + run < posMax && src.charCodeAt(pos + run) === DOLLAR) {
    run += 1;
  }
  if (run === 0) {
    return false;
  }
  const from = pos + run;
  const end = run === 1 ? closingOne(src, from, posMax) : run === 2 ? closingTwo(src, from, posMax) : -1;
  if (end < 0) {
    if (!silent) {
      state.pending += src.slice(pos, from);
    }
    state.pos = from;
    return true;
  }
  if (!silent) {
    const token = state.push("math_inline", "span", 0);
    token.attrs = [["class", run === 1 ? "math inline" : "math display"]];
    token.content = src.slice(from, end);
    token.markup = src.slice(pos, from);
  }
  state.pos = end + run;
  return true;
}

export function mathInlineRule(md: Parser): void {
  md.inline.ruler.before("escape", "math_inline", mathInline);
  renderAsText(md, "math_inline");
}
