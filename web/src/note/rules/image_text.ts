// The alternative text of an image is the plain text between its brackets, formulas and emoji included.

import { plainInline } from "../inline_text";
import type { Parser } from "../types";

export function imageTextRule(md: Parser): void {
  md.renderer.rules["image"] = (tokens, index, options, _env, renderer) => {
    tokens[index]?.attrSet("alt", plainInline(tokens[index].children ?? []));
    return renderer.renderToken(tokens, index, options);
  };
}
