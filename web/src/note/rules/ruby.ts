// Ruby: {base|reading}; with as many readings as the base has characters, each stands over its own.

import type { Parser, StateInline } from "../types";

const RUBY = /\{([^{}|\n]+)\|([^{}\n]+)\}/y;

function ruby(state: StateInline, silent: boolean): boolean {
  if (state.src.charCodeAt(state.pos) !== 0x7b) {
    return false;
  }
  RUBY.lastIndex = state.pos;
  const [source, base, text] = RUBY.exec(state.src) ?? [];
  if (source === undefined || base === undefined || text === undefined || state.pos + source.length > state.posMax) {
    return false;
  }
  if (!silent) {
    const write = (content: string): void => {
      state.push("text", "", 0).content = content;
    };
    const readings = text.split("|");
    const characters = Array.from(base);
    const paired = readings.length > 1 && readings.length === characters.length;
    const pairs = paired
      ? characters.map((sign, n) => [sign, readings[n] ?? ""] as const)
      : [[base, readings.join("")]];
    state.push("ruby_open", "ruby", 1);
    for (const [below, above] of pairs as readonly (readonly [string, string])[]) {
      write(below);
      state.push("rt_open", "rt", 1);
      write(above);
      state.push("rt_close", "rt", -1);
    }
    state.push("ruby_close", "ruby", -1);
  }
  state.pos += source.length;
  return true;
}

export function rubyRule(md: Parser): void {
  md.inline.ruler.after("value", "ruby", ruby);
}
