// The last pass: marks what the renderer made itself, so that the sanitiser can tell it from raw HTML that looks the same;
// and, for a preview, gives every top-level block the line of the note where it begins.

import { shared, type Parser, type Shared, type StateCore, type Token } from "../types";

/** The attribute that carries the mark. The sanitiser takes it off. */
export const OWN = "data-own";

/** The mark as it is written into a tag. */
export const ownMark = ({ mark }: Shared): string => (mark === "" ? "" : ` ${OWN}="${mark}"`);

function isSpecial(token: Token): boolean {
  return token.attrs?.some(([name]) => name === "id" || name === "class" || name.startsWith("data-")) ?? false;
}

function own(state: StateCore): void {
  const env = shared(state.env);
  for (const token of state.tokens) {
    const placed = env.lines && token.level === 0 && token.nesting >= 0 && token.map && token.type !== "study";
    if (placed && token.type !== "inline") {
      token.attrSet("data-line", String((token.map?.[0] ?? 0) + env.above));
    }
    if (env.mark === "") {
      continue;
    }
    for (const made of token.children ? [token, ...token.children] : [token]) {
      if (isSpecial(made)) {
        made.attrSet(OWN, env.mark);
      }
    }
  }
}

export function ownRule(md: Parser): void {
  md.core.ruler.push("own", own);
}
