// Tags of block quotes and list items: [name=…] and [time=…] become spans, in which quoted values
// are found and nothing else; [color=…] colours the quote around it.

import { escapeHtml } from "../text";
import { shared, type Parser, type StateInline } from "../types";
import { renderAs } from "./render_as";
import { pushWithValues } from "./value";

const TAG = /\[(name|time|color)=([^[\]\n]{1,200})\](?![[(:])/y;
const COLOUR = /^(?:#[0-9a-f]{3,8}|[a-z]{1,30})$/i;

function quoteTag(state: StateInline, silent: boolean): boolean {
  const { quote } = shared(state.env);
  if (quote === undefined || state.src.charCodeAt(state.pos) !== 0x5b) {
    return false;
  }
  TAG.lastIndex = state.pos;
  const [source, kind, value] = TAG.exec(state.src) ?? [];
  if (source === undefined || kind === undefined || value === undefined || state.pos + source.length > state.posMax) {
    return false;
  }
  if (kind === "color" && (quote === null || !COLOUR.test(value))) {
    return false;
  }
  if (!silent) {
    if (kind === "color") {
      quote?.attrSet("data-color", value);
      state.pending = state.pending.replace(/ $/, "");
    } else {
      state.push("quote_tag_open", "span", 1).attrs = [["class", `bq-${kind}`]];
      pushWithValues(state, value, "quote_text");
      state.push("quote_tag_close", "span", -1);
    }
  }
  state.pos += source.length;
  return true;
}

export function quoteTagRule(md: Parser): void {
  md.inline.ruler.before("link", "quote_tag", quoteTag);
  renderAs(md, "quote_text", ({ content }) => escapeHtml(content));
}
