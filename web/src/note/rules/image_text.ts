// The alternative text of an image is the plain text between its brackets, formulas and emoji included.

import { plainInline } from "../inline_text";
import type { Parser, Token } from "../types";

export function imageTextRule(md: Parser): void {
  md.renderer.rules["image"] = (tokens, index, options, _env, renderer) => {
    const token = tokens[index] as Token;
    token.attrSet("alt", plainInline(token.children ?? []));
    return renderer.renderToken(tokens, index, options);
  };
}
