// Emoji short codes, :smile:. A name that is not in the table stays as typed.

import names from "markdown-it-emoji/lib/data/full.mjs";
import type { Parser, StateInline } from "../types";

const table = new Map(Object.entries(names));
const CODE = /:([\w+-]{1,64}):/y;

function emoji(state: StateInline, silent: boolean): boolean {
  if (state.src.charCodeAt(state.pos) !== 0x3a) {
    return false;
  }
  CODE.lastIndex = state.pos;
  const [source, name] = CODE.exec(state.src) ?? [];
  const character = table.get(name ?? "");
  if (source === undefined || character === undefined || state.pos + source.length > state.posMax) {
    return false;
  }
  if (!silent) {
    state.pending += character;
  }
  state.pos += source.length;
  return true;
}

export function emojiRule(md: Parser): void {
  md.inline.ruler.after("linkify", "emoji", emoji);
}
