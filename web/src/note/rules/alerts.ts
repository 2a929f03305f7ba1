// Alert areas (:::info … :::), spoilers (:::spoiler summary … :::), and GitHub's alerts (> [!NOTE]).

import container from "markdown-it-container";
import type { Parser, StateCore, Token } from "../types";

const AREA = /^\s*(?:(success|info|warning|danger)|spoiler(?:\s+(\S.*))?)\s*$/;

const GITHUB = /^\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|$)/i;
const GITHUB_KINDS: Readonly<Record<string, string>> = {
  note: "info",
  tip: "success",
  important: "info",
  warning: "warning",
  caution: "danger",
};

function alert(token: Token, kind: string): void {
  token.tag = "div";
  token.attrs = [
    ["class", `alert alert-${kind}`],
    ["role", "note"],
  ];
}

function summary(state: StateCore, text: string): Token[] {
  const open = new state.Token("summary_open", "summary", 1);
  const inline = new state.Token("inline", "", 0);
  const close = new state.Token("summary_close", "summary", -1);
  open.block = close.block = inline.block = true;
  inline.content = text.trim();
  inline.children = [];
  return [open, inline, close];
}

/** Gives areas their elements; the closing token takes the tag of its opening one. */
function areas(state: StateCore): void {
  const tags: string[] = [];
  const made: Token[] = [];
  state.tokens.forEach((token, index) => {
    made.push(token);
    if (token.type === "container_area_open") {
      const [, kind, text] = AREA.exec(token.info) ?? [];
      if (kind === undefined) {
        token.tag = "details";
        made.push(...(text === undefined ? [] : summary(state, text)));
      } else {
        alert(token, kind);
      }
      tags.push(token.tag);
    } else if (token.type === "blockquote_open") {
      const inline = state.tokens[index + 2];
      const kind = inline?.type === "inline" ? GITHUB.exec(inline.content) : null;
      if (inline && kind) {
        alert(token, GITHUB_KINDS[kind[1]?.toLowerCase() ?? ""] ?? "info");
        inline.content = inline.content.slice(kind[0].length);
        const paragraph = [state.tokens[index + 1], state.tokens[index + 3]];
        paragraph.forEach((part) => {
          if (part) {
            part.hidden ||= inline.content === "";
          }
        });
      }
      tags.push(token.tag);
    } else if (token.type === "container_area_close" || token.type === "blockquote_close") {
      token.tag = tags.pop() ?? token.tag;
    }
  });
  state.tokens = made;
}

export function alertRule(md: Parser): void {
  md.use(container, "area", {
    validate: (info: string) => AREA.test(info),
    render: (tokens: Token[], index: number) => md.renderer.renderToken(tokens, index, md.options),
  });
  md.core.ruler.after("block", "areas", areas);
}
