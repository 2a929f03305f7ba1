// The pass that parses inline syntax, in place of markdown-it's own: it knows whether a paragraph is in a quote or a list
// (for quote tags), and leaves monstrous paragraphs as plain text.

import { shared, type Parser, type StateCore, type Token } from "../types";

function parseInline(state: StateCore): void {
  const env = shared(state.env);
  /** Quotes and list items that are open; null stands for an item. */
  const open: (Token | null)[] = [];
  const quotes: Token[] = [];
  for (const token of state.tokens) {
    switch (token.type) {
      case "blockquote_open":
        open.push(token);
        quotes.push(token);
        break;
      case "list_item_open":
        open.push(null);
        break;
      case "blockquote_close":
        quotes.pop();
        open.pop();
        break;
      case "list_item_close":
        open.pop();
        break;
      case "inline":
        env.quote = open.length === 0 ? undefined : (quotes.at(-1) ?? null);
        parseOne(state, token, env.longest);
    }
  }
}

function parseOne(state: StateCore, token: Token, longest: number): void {
  token.children ??= [];
  if (token.content.length > longest) {
    const text = new state.Token("text", "", 0);
    text.content = token.content;
    token.children.push(text);
    token.content = ""; // the passes for links and quotation marks look here first
  } else {
    state.md.inline.parse(token.content, state.md, state.env, token.children);
  }
}

export function inlineRule(md: Parser): void {
  md.core.ruler.at("inline", parseInline);
}
