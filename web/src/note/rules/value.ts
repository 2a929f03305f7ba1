// A result of a study quoted in prose: {{study: expression}}. What is between the braces, white space made single blanks,
// is the key under which the page finds the number; until then the source is shown.

import type { Parser, StateInline } from "../types";
import { renderAsText } from "./render_as";

const VALUE = /\{\{([^{}]+)\}\}/y;

function value(state: StateInline, silent: boolean): boolean {
  if (!state.src.startsWith("{{", state.pos)) {
    return false;
  }
  VALUE.lastIndex = state.pos;
  const [source, inside] = VALUE.exec(state.src) ?? [];
  const key = inside?.trim().replace(/\s+/g, " ") ?? "";
  if (source === undefined || key === "" || state.pos + source.length > state.posMax) {
    return false;
  }
  if (!silent) {
    const token = state.push("value", "span", 0);
    token.attrs = [
      ["class", "value"],
      ["data-value", key],
    ];
    token.content = source;
  }
  state.pos += source.length;
  return true;
}

export function valueRule(md: Parser): void {
  md.inline.ruler.before("escape", "value", value);
  renderAsText(md, "value");
}
