// Contents: a paragraph that is exactly [TOC], or [TOC maxLevel=2]. In slide view it lists the first heading of each slide.

import { escapeHtml } from "../text";
import { shared, type Entry, type Parser, type Renderer, type Shared, type Token } from "../types";
import { replaceParagraphs } from "./paragraphs";

const DIRECTIVE = /^\[toc(?:\s+maxlevel=([1-6]))?\]$/i;

/** Lists of contents in one note; more stay as typed, or many lists of many headings would be a flood. */
const MOST_LISTS = 8;

interface Line {
  readonly level: number;
  readonly address: string;
  readonly inline: readonly Token[];
}

function linesOf(env: Shared): Line[] {
  const line = ({ level, inline }: Entry, address: string): Line => ({ level, address, inline });
  return env.view === "slides"
    ? env.slides.flatMap(({ h, v, entry }) => (entry ? [line(entry, `#/${h}/${v}`)] : []))
    : env.entries.map((entry) => line(entry, `#${entry.id}`));
}

/** What of a heading may stand inside a link: no links, no raw HTML, no footnotes. */
function withoutLinks(inline: readonly Token[]): Token[] {
  let inFootnote = 0;
  return inline.filter((token) => {
    inFootnote += token.type === "footnote_mark_open" ? 1 : 0;
    const kept = inFootnote === 0 && !["link_open", "link_close", "html_inline"].includes(token.type);
    inFootnote -= token.type === "footnote_mark_close" ? 1 : 0;
    return kept;
  });
}

/** A list of lines, nested where a line's level is greater than that of the line before. */
function nest(lines: readonly Line[], write: (line: Line) => string): string {
  let html = "";
  const open: number[] = [];
  for (const line of lines) {
    while (open.length > 1 && (open.at(-1) ?? 0) > line.level) {
      html += "</li>\n</ul>\n";
      open.pop();
    }
    if (open.length === 0 || (open.at(-1) ?? 0) < line.level) {
      html += open.length === 0 ? "<ul>\n" : "\n<ul>\n";
      open.push(line.level);
    } else {
      html += "</li>\n";
      open[open.length - 1] = line.level;
    }
    html += `<li>${write(line)}`;
  }
  return html + "</li>\n</ul>\n".repeat(open.length);
}

function contents(token: Token, env: Shared, renderer: Renderer, options: Parser["options"]): string {
  const most = token.meta?.["maxLevel"] as number;
  const lines = linesOf(env).filter(({ level }) => level <= most);
  const list = nest(lines, ({ address, inline }) => {
    const text = renderer.renderInline(withoutLinks(inline), options, env as unknown as Record<string, unknown>);
    return `<a href="${escapeHtml(address)}">${text}</a>`;
  });
  return `<nav${renderer.renderAttrs(token)}>\n${list}</nav>\n`;
}

export function tocRule(md: Parser): void {
  md.core.ruler.after("block", "toc", (state) => {
    let lists = 0;
    replaceParagraphs(state, (text) => {
      const found = DIRECTIVE.exec(text);
      if (!found || (lists += 1) > MOST_LISTS) {
        return undefined;
      }
      const token = new state.Token("toc", "nav", 0);
      token.attrs = [["class", "toc"]];
      token.meta = { maxLevel: Number(found[1] ?? shared(state.env).maxLevel) };
      return token;
    });
  });
  md.renderer.rules["toc"] = (tokens, index, options, env, renderer) => {
    const token = tokens[index];
    return token ? contents(token, shared(env), renderer, options) : "";
  };
}
