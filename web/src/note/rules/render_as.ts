// How a token becomes HTML, for rules whose tokens are one element with text in it or little more.

import { escapeHtml } from "../text";
import type { Parser, Token } from "../types";

/** `write` gets the token and its attributes as they stand in a tag. */
export function renderAs(md: Parser, type: string, write: (token: Token, attributes: string) => string): void {
  md.renderer.rules[type] = (tokens, index, _options, _env, renderer) => {
    const token = tokens[index];
    return token ? write(token, renderer.renderAttrs(token)) : "";
  };
}

/** The token's element with its content as text. */
export function renderAsText(md: Parser, type: string): void {
  renderAs(md, type, ({ tag, content, block }, attributes) => {
    const element = `<${tag}${attributes}>${escapeHtml(content)}</${tag}>`;
    return block ? `${element}\n` : element;
  });
}
