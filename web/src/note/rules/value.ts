// A result of a study quoted in prose: {{study: expression}}. What is between the braces, white space made single blanks,
// is the key under which the page finds the number; until then the source is shown.

import type { Parser, StateInline } from "../types";
import { renderAsText } from "./render_as";

const VALUE = /\{\{([^{}]+)\}\}/y;

/** The value that begins at `from` and ends by `end`: its source, and its key. */
function valueAt(
  text: string,
  from: number,
  end: number,
): { readonly source: string; readonly key: string } | undefined {
  VALUE.lastIndex = from;
  const [source, inside] = VALUE.exec(text) ?? [];
  const key = inside?.trim().replace(/\s+/g, " ") ?? "";
  return source === undefined || key === "" || from + source.length > end ? undefined : { source, key };
}

function pushValue(state: StateInline, source: string, key: string): void {
  const token = state.push("value", "span", 0);
  token.attrs = [
    ["class", "value"],
    ["data-value", key],
  ];
  token.content = source;
}

function value(state: StateInline, silent: boolean): boolean {
  if (!state.src.startsWith("{{", state.pos)) {
    return false;
  }
  const found = valueAt(state.src, state.pos, state.posMax);
  if (!found) {
    return false;
  }
  if (!silent) {
    pushValue(state, found.source, found.key);
  }
  state.pos += found.source.length;
  return true;
}

/** Whether an odd number of backslashes stands before `at`. */
function isEscaped(text: string, at: number): boolean {
  let from = at;
  while (text.charAt(from - 1) === "\\") {
    from -= 1;
  }
  return (at - from) % 2 === 1;
}

/** Pushes text that knows no other syntax: its values, and what is between them as tokens of type `plain`. */
export function pushWithValues(state: StateInline, text: string, plain: string): void {
  const write = (content: string): void => {
    if (content !== "") {
      state.push(plain, "", 0).content = content;
    }
  };
  let done = 0;
  for (let at = text.indexOf("{{"); at >= 0; at = text.indexOf("{{", at)) {
    const found = isEscaped(text, at) ? undefined : valueAt(text, at, text.length);
    if (found) {
      write(text.slice(done, at));
      pushValue(state, found.source, found.key);
      done = at + found.source.length;
    }
    at = found ? done : at + 1;
  }
  write(text.slice(done));
}

export function valueRule(md: Parser): void {
  md.inline.ruler.before("escape", "value", value);
  renderAsText(md, "value");
}
