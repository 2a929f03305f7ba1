// A book is a note whose links are the chapters. Every heading but the title starts a part; list items under it are entries,
// and the first link of an item is what it opens.

import { readFrontMatter } from "./front_matter";
import { plainInline } from "./inline_text";
import { LONGEST_PARAGRAPH, MOST_UNITS } from "./limits";
import { parse, startOf } from "./markdown";
import { readHead } from "./meta";
import { normalise } from "./text";
import type { Token } from "./types";

export interface BookItem {
  readonly text: string;
  /** What stands before and after the link. */
  readonly before?: string;
  readonly after?: string;
  readonly href?: string;
  /** In the pane beside the list, or in a new tab. */
  readonly open?: "pane" | "tab";
  readonly items?: readonly BookItem[];
}

export interface BookPart {
  readonly title: string;
  readonly items: readonly BookItem[];
}

export interface BookTree {
  readonly title: string;
  readonly parts: readonly BookPart[];
}

const NEW_TAB = /\s*\[target=_blank\]/;
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;

function hostOf(href: string): string | undefined {
  try {
    return new URL(href, "https://host.invalid/").host;
  } catch {
    return undefined;
  }
}

interface Draft extends BookItem {
  readonly items: BookItem[];
}

function itemOf(inline: readonly Token[], host: string): Omit<BookItem, "items"> {
  const start = inline.findIndex(({ type }) => type === "link_open");
  const stop = inline.findIndex(({ type }) => type === "link_close");
  if (start < 0) {
    return { text: plainInline(inline).trim() };
  }
  const href = String(inline[start]?.attrGet("href") ?? "");
  const before = plainInline(inline.slice(0, start)).trim();
  const rest = plainInline(inline.slice(stop + 1)).trim();
  const after = rest.replace(NEW_TAB, "").trim();
  const tab = NEW_TAB.test(rest) || (ELSEWHERE.test(href) && (host === "" || hostOf(href) !== host));
  return {
    text: plainInline(inline.slice(start + 1, stop)).trim(),
    ...(before !== "" && { before }),
    ...(after !== "" && { after }),
    href,
    open: tab ? "tab" : "pane",
  };
}

const withoutEmptyLists = ({ items, ...item }: Draft): BookItem => ({
  ...item,
  ...(items.length > 0 && { items: (items as Draft[]).map(withoutEmptyLists) }),
});

/** `host`: links to it are links to notes of this site. */
export function bookTree(source: string, host = ""): BookTree {
  const { values, body } = readFrontMatter(normalise(source).slice(0, MOST_UNITS));
  const settings = { breaks: false, typographer: true, linkify: true };
  const tokens = parse(body, startOf({ longest: LONGEST_PARAGRAPH }), settings);
  let title = readHead(values).title;
  let titled = false;
  const parts: { title: string; items: Draft[] }[] = [];
  /** Items around the current token, innermost last; a null is an item whose text has not come. */
  const open: (Draft | null)[] = [];
  const into = (): Draft[] => {
    const around = open.filter((item) => item !== null).at(-1);
    if (around) {
      return around.items as Draft[];
    }
    if (parts.length === 0) {
      parts.push({ title: "", items: [] });
    }
    return parts.at(-1)?.items ?? [];
  };
  tokens.forEach((token, index) => {
    const inline = tokens[index + 1]?.children ?? [];
    if (token.type === "heading_open" && token.level === 0) {
      if (token.tag === "h1" && !titled) {
        titled = true;
        title ??= plainInline(inline).trim();
      } else {
        parts.push({ title: plainInline(inline).trim(), items: [] });
      }
    } else if (token.type === "list_item_open") {
      open.push(null);
    } else if (token.type === "list_item_close") {
      open.pop();
    } else if (token.type === "paragraph_open" && open.at(-1) === null) {
      const item: Draft = { ...itemOf(inline, host), items: [] };
      into().push(item);
      open[open.length - 1] = item;
    }
  });
  return {
    title: title ?? "Untitled",
    parts: parts.map((part) => ({ title: part.title, items: part.items.map(withoutEmptyLists) })),
  };
}
