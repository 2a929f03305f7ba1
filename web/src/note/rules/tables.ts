// Alignment of tables as an attribute: a strict style policy blocks style="…".

import type { Parser } from "../types";

export function tableRule(md: Parser): void {
  md.core.ruler.after("block", "table_alignment", (state) => {
    for (const token of state.tokens) {
      if (token.type === "th_open" || token.type === "td_open") {
        const style = /^text-align:(left|center|right)$/.exec(String(token.attrGet("style") ?? ""));
        token.attrs = style?.[1] === undefined ? null : [["align", style[1]]];
      }
    }
  });
}
