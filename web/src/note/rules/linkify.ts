// Addresses in running text become links: http:// and https:// where they stand, e-mail addresses in a pass afterwards. Both
// look only at what is near, where markdown-it's own rules look through the whole paragraph each time.

import type { Parser, StateCore, StateInline, Token } from "../types";

const SCHEME = /(?:^|[^a-z0-9.+-])(https?)$/i;

function address(state: StateInline, silent: boolean): boolean {
  const { src, pos, md } = state;
  if (!md.options.linkify || state.linkLevel > 0 || !src.startsWith("://", pos)) {
    return false;
  }
  const scheme = SCHEME.exec(src.slice(Math.max(0, pos - 6), pos))?.[1];
  const link = scheme === undefined ? null : md.linkify.matchAtStart(src.slice(pos - scheme.length, state.posMax));
  if (scheme === undefined || !link) {
    return false;
  }
  const url = link.url.replace(/\*+$/, ""); // stars at the end belong to emphasis around the address
  const href = md.normalizeLink(url);
  if (url.length <= scheme.length + 3 || !md.validateLink(href)) {
    return false;
  }
  if (!silent) {
    state.pending = state.pending.slice(0, -scheme.length);
    const open = state.push("link_open", "a", 1);
    open.attrs = [["href", href]];
    open.info = "auto";
    state.push("text", "", 0).content = md.normalizeLinkText(url);
    state.push("link_close", "a", -1).info = "auto";
  }
  state.pos += url.length - scheme.length;
  return true;
}

function emailLinks(state: StateCore, text: Token): Token[] {
  const found = (state.md.linkify.match(text.content) ?? []).filter(({ schema }) => schema === "mailto:");
  const make = (type: string, tag: string, nesting: -1 | 0 | 1, content = ""): Token => {
    const token = new state.Token(type, tag, nesting);
    token.content = content;
    token.level = text.level;
    token.info = type === "text" ? "" : "auto";
    return token;
  };
  const made: Token[] = [];
  let done = 0;
  for (const { index, lastIndex, url } of found) {
    const href = state.md.normalizeLink(url);
    if (state.md.validateLink(href)) {
      const open = make("link_open", "a", 1);
      open.attrs = [["href", href]];
      made.push(
        make("text", "", 0, text.content.slice(done, index)),
        open,
        make("text", "", 0, text.content.slice(index, lastIndex)),
        make("link_close", "a", -1),
      );
      done = lastIndex;
    }
  }
  return done === 0 ? [text] : [...made, make("text", "", 0, text.content.slice(done))];
}

function emails(state: StateCore): void {
  if (!state.md.options.linkify) {
    return;
  }
  for (const token of state.tokens) {
    if (token.type !== "inline" || !token.content.includes("@")) {
      continue;
    }
    let links = 0;
    token.children = (token.children ?? []).flatMap((child) => {
      if (child.type === "link_open" || (child.type === "html_inline" && /^<a[\s>]/i.test(child.content))) {
        links += 1;
      } else if (child.type === "link_close" || (child.type === "html_inline" && /^<\/a\s*>/i.test(child.content))) {
        links -= 1;
      }
      return child.type === "text" && links <= 0 && child.content.includes("@") ? emailLinks(state, child) : [child];
    });
  }
}

export function linkifyRule(md: Parser): void {
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: true });
  md.inline.ruler.at("linkify", address);
  md.core.ruler.at("linkify", emails);
}
