// What a page knows of the book that it is a chapter of. README.md says how the program writes it.

import { isFields, listOf, text, type Fields } from "../json";

export interface BookItem {
  /** The chapter's name in the list. */
  readonly text: string;
  /** What stands before and after the link in the list of the book's note: a time, a room. */
  readonly before?: string;
  readonly after?: string;
  /** A page of this book, or an address elsewhere. Without one the item is a label. */
  readonly href?: string;
  /** Whether it opens here or in a new tab. */
  readonly open: "pane" | "tab";
  readonly items: readonly BookItem[];
}

export interface BookPart {
  readonly title: string;
  readonly items: readonly BookItem[];
}

export interface Neighbour {
  readonly href: string;
  readonly text: string;
}

/** A chapter's plain text, for the search box. */
export interface ChapterText {
  readonly href: string;
  readonly title: string;
  readonly text: string;
}

export interface Book {
  readonly title: string;
  readonly parts: readonly BookPart[];
  /** The file of this page; empty on the book's own. */
  readonly here: string;
  readonly previous?: Neighbour;
  readonly next?: Neighbour;
  readonly search: readonly ChapterText[];
  /** Addresses as chapters write them (`two.md`), and the pages of the book that they mean. */
  readonly links: ReadonlyMap<string, string>;
}

/** Addresses come from a note. A book links to its own pages, to the web and to mail. */
export function safeAddress(address: unknown): string | undefined {
  if (typeof address !== "string" || address === "") {
    return undefined;
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address.replace(/[\p{Cc}\s]/gu, ""))?.[1]?.toLowerCase();
  return scheme === undefined || ["http", "https", "mailto"].includes(scheme) ? address : undefined;
}

function readItem(from: Fields): BookItem {
  const href = safeAddress(from["href"]);
  return {
    text: text(from["text"]),
    ...(text(from["before"]) ? { before: text(from["before"]) } : {}),
    ...(text(from["after"]) ? { after: text(from["after"]) } : {}),
    ...(href === undefined ? {} : { href }),
    open: from["open"] === "tab" ? "tab" : "pane",
    items: listOf(from["items"]).map(readItem),
  };
}

function readNeighbour(from: unknown): Neighbour | undefined {
  const href = isFields(from) ? safeAddress(from["href"]) : undefined;
  return isFields(from) && href !== undefined ? { href, text: text(from["text"]) || href } : undefined;
}

function readLinks(from: unknown): Map<string, string> {
  const links = new Map<string, string>();
  for (const [written, page] of Object.entries(isFields(from) ? from : {})) {
    const href = safeAddress(page);
    if (href !== undefined) {
      links.set(written, href);
    }
  }
  return links;
}

export function readBook(from: unknown): Book | undefined {
  if (!isFields(from)) {
    return undefined;
  }
  const previous = readNeighbour(from["previous"]);
  const next = readNeighbour(from["next"]);
  return {
    title: text(from["title"]),
    parts: listOf(from["parts"]).map((part) => ({
      title: text(part["title"]),
      items: listOf(part["items"]).map(readItem),
    })),
    here: text(from["here"]),
    ...(previous ? { previous } : {}),
    ...(next ? { next } : {}),
    search: listOf(from["search"]).map((chapter) => ({
      href: safeAddress(chapter["href"]) ?? "",
      title: text(chapter["title"]),
      text: text(chapter["text"]),
    })),
    links: readLinks(from["links"]),
  };
}
