// The search box of a book. What is found takes the place of the contents while there is something to look for.

import type { ChapterText } from "./book_data";
import { make } from "./dom";
import { Search, type Found } from "./search";

const MOST_SHOWN = 30;

function row({ chapter, snippet }: Found): HTMLElement {
  const words = snippet.map(({ text, hit }) => (hit ? make("mark", {}, text) : text));
  return make("li", {}, make("a", { href: chapter.href }, chapter.title), make("p", { class: "snippet" }, ...words));
}

const isEditable = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");

export class SearchBox {
  readonly element = make("div", { class: "search", role: "search" });
  private readonly input = make("input", {
    type: "search",
    id: "search",
    placeholder: "Search the book",
    "aria-label": "Search the book",
    "aria-keyshortcuts": "/",
    autocomplete: "off",
    spellcheck: "false",
  });
  private readonly count = make("p", { class: "count", role: "status" });
  private readonly results = make("ol", { class: "results" });
  private search = new Search([]);
  private contents: HTMLElement | undefined;

  /** `reveal` makes the box visible when it is asked for by keyboard. */
  constructor(reveal: () => void) {
    this.element.append(this.input, this.count, this.results);
    this.input.addEventListener("input", () => {
      this.look();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        if (this.input.value !== "") {
          event.stopPropagation();
        }
        this.input.value = "";
        this.look();
      } else if (event.key === "Enter") {
        this.results.querySelector("a")?.click();
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isEditable(event.target)) {
        event.preventDefault();
        reveal();
        this.input.focus();
      }
    });
  }

  /** `contents` is hidden while results are shown. */
  show(chapters: readonly ChapterText[], contents: HTMLElement): void {
    this.search = new Search(chapters);
    this.contents = contents;
    this.element.hidden = chapters.length === 0;
    this.look();
  }

  private look(): void {
    const query = this.input.value.trim();
    const found = this.search.find(query);
    this.results.replaceChildren(...found.slice(0, MOST_SHOWN).map(row));
    this.results.hidden = query === "";
    const chapters = found.length === 1 ? "1 chapter" : `${found.length} chapters`;
    this.count.textContent = query === "" ? "" : found.length === 0 ? "Nothing found" : chapters;
    if (this.contents) {
      this.contents.hidden = query !== "";
    }
  }
}
