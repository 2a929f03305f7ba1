// Things of other sites: a paragraph {%name value %} becomes a link in a box. Nothing of the other site is loaded; a value
// that does not have its kind's form leaves the paragraph as typed.

import { escapeHtml } from "../text";
import type { Parser } from "../types";
import { replaceParagraphs } from "./paragraphs";
import { renderAs } from "./render_as";

const DIRECTIVE = /^\{%\s*([a-z]+)\s+(\S{1,2000})\s*%\}$/;

const KINDS: Readonly<Record<string, { readonly form: RegExp; readonly address: (value: string) => string }>> = {
  youtube: { form: /^[\w-]{11}$/, address: (id) => `https://www.youtube.com/watch?v=${id}` },
  vimeo: { form: /^\d{1,12}$/, address: (id) => `https://vimeo.com/${id}` },
  gist: { form: /^[A-Za-z0-9-]{1,39}\/[0-9a-f]{1,40}$/, address: (id) => `https://gist.github.com/${id}` },
  slideshare: { form: /^[\w-]{1,80}\/[\w-]{1,200}$/, address: (id) => `https://www.slideshare.net/${id}` },
  speakerdeck: { form: /^[\w-]{1,80}\/[\w-]{1,200}$/, address: (id) => `https://speakerdeck.com/${id}` },
  pdf: { form: /^https?:\/\/[^\s"'<>\\^`{|}]+$/, address: (address) => address },
};

export function externalRule(md: Parser): void {
  md.core.ruler.after("block", "externals", (state) => {
    replaceParagraphs(state, (text) => {
      const [, name = "", value = ""] = DIRECTIVE.exec(text) ?? [];
      const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
      if (!kind?.form.test(value)) {
        return undefined;
      }
      const token = new state.Token("external", "div", 0);
      token.attrs = [
        ["class", "external"],
        ["data-kind", name],
        ["data-id", value],
      ];
      token.content = kind.address(value);
      return token;
    });
  });
  renderAs(md, "external", ({ content }, attributes) => {
    const address = escapeHtml(content);
    return `<div${attributes}><a href="${address}">${address}</a></div>\n`;
  });
}
