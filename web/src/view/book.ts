// Book view: a chapter, with the book's contents and a search box at the side, and the chapters before and after at its end.

import type { Heading } from "../note/render";
import type { PageData } from "../page";
import type { Book, BookItem, Neighbour } from "./book_data";
import { Content } from "./content";
import { make } from "./dom";
import { followFragments } from "./fragment";
import { Frame, mainElement } from "./frame";
import { icon } from "./icons";
import { followReading, outlined, outlineList } from "./outline";
import type { SchemeSwitch } from "./scheme";
import { SearchBox } from "./search_box";
import { Sidebar } from "./sidebar";
import type { View } from "./view";

const aside = (words: string | undefined): HTMLElement[] =>
  words === undefined ? [] : [make("span", { class: "aside" }, words)];

/** A time before the chapter's name belongs to the link; what comes after the name stands beside it. */
function entry({ text, before, href, open }: BookItem, here: string): HTMLElement {
  const words = [...aside(before).flatMap((span) => [span, " "]), text];
  if (href === undefined) {
    return make("span", { class: "label" }, ...words);
  }
  const link = make("a", { href }, ...words);
  if (open === "tab") {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  if (here !== "" && href.split("#")[0] === here) {
    link.setAttribute("aria-current", "page");
  }
  return link;
}

function itemList(items: readonly BookItem[], here: string): HTMLElement {
  const list = make("ul");
  for (const item of items) {
    const row = make("li", {}, entry(item, here), " ", ...aside(item.after));
    if (item.items.length > 0) {
      row.append(itemList(item.items, here));
    }
    list.append(row);
  }
  return list;
}

function contents(book: Book): HTMLElement {
  const box = make("div", { class: "book-contents" });
  for (const part of book.parts) {
    if (part.title !== "") {
      box.append(make("h2", { class: "sidebar-title" }, part.title));
    }
    box.append(itemList(part.items, book.here));
  }
  return box;
}

function turn(neighbour: Neighbour | undefined, rel: "prev" | "next"): HTMLElement[] {
  if (!neighbour) {
    return [];
  }
  const words = make(
    "span",
    {},
    make("small", {}, rel === "prev" ? "Previous" : "Next"),
    make("span", { class: "chapter" }, neighbour.text),
  );
  const sign = icon(rel === "prev" ? "previous" : "next");
  return [
    make("a", { href: neighbour.href, rel, class: `turn ${rel}` }, ...(rel === "prev" ? [sign, words] : [words, sign])),
  ];
}

export class BookView implements View {
  private readonly sidebar = new Sidebar("Contents");
  private readonly search = new SearchBox(() => {
    this.sidebar.set(true);
  });
  private readonly main = mainElement();
  private readonly content = new Content(this.main);
  private readonly turns = make("nav", { class: "turns", "aria-label": "Chapters before and after" });
  private readonly frame: Frame;
  private stopFollowing: (() => void) | undefined;

  constructor(
    private page: PageData,
    scheme: SchemeSwitch,
    private book: Book,
  ) {
    this.frame = new Frame(this.main, this.sidebar, scheme, () => this.page);
    this.main.append(this.turns);
  }

  async update(page: PageData): Promise<void> {
    const first = this.stopFollowing === undefined;
    this.page = page;
    this.book = page.book ?? this.book;
    const { headings, meta } = this.content.show(page);
    this.turns.replaceChildren(...turn(this.book.previous, "prev"), ...turn(this.book.next, "next"));
    this.showSide(outlined(headings, meta.toc.maxLevel));
    this.frame.show(page, this.content.isCut);
    const settle = first ? followFragments() : undefined;
    await this.content.draw();
    settle?.();
  }

  /** The outline of this chapter stands below its entry. */
  private showSide(headings: readonly Heading[]): void {
    const list = contents(this.book);
    const outline = outlineList(headings);
    outline.classList.add("outline");
    list.querySelector('[aria-current="page"]')?.after(outline);
    this.search.show(this.book.search, list);
    const title = make("p", { class: "book-title" }, this.book.title);
    this.sidebar.show(title, this.search.element, list);
    this.stopFollowing?.();
    this.stopFollowing = followReading(outline);
  }
}
