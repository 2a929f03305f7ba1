// What stands beside the note: a document's outline, or a book's contents. On a wide screen it is a column that can be folded
// away; on a narrow one a button opens it over the page.

import { make } from "./dom";
import { icon } from "./icons";
import { remember, remembered } from "./memory";

const NAME = "sidebar";
const CLOSED = "closed";

export class Sidebar {
  readonly element: HTMLElement;
  /** Goes into the toolbar. */
  readonly toggle: HTMLButtonElement;
  private readonly narrow = matchMedia("(max-width: 68rem)");
  private open = false;

  constructor(label: string) {
    this.element = make("nav", { class: "sidebar", id: "sidebar", "aria-label": label });
    this.toggle = make(
      "button",
      { type: "button", class: "tool", "aria-controls": "sidebar", title: label },
      icon("contents"),
      make("span", { class: "words" }, label),
    );
    this.toggle.addEventListener("click", () => {
      this.set(!this.open);
      if (!this.narrow.matches) {
        remember(NAME, this.open ? null : CLOSED);
      }
    });
    this.element.addEventListener("click", (event) => {
      if (this.narrow.matches && event.target instanceof Element && event.target.closest("a")) {
        this.set(false);
      }
    });
    document.addEventListener("click", (event) => {
      const inside =
        event.target instanceof Node && (this.element.contains(event.target) || this.toggle.contains(event.target));
      if (this.narrow.matches && this.open && !inside) {
        this.set(false);
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.narrow.matches && this.open) {
        this.set(false);
        this.toggle.focus();
      }
    });
    const fit = (): void => {
      this.set(!this.narrow.matches && remembered(NAME) !== CLOSED);
    };
    this.narrow.addEventListener("change", fit);
    fit();
  }

  /** Fills it; without content there is neither bar nor button. */
  show(...content: readonly Node[]): void {
    const scrolled = this.element.scrollTop;
    this.element.replaceChildren(...content);
    this.element.scrollTop = scrolled;
    this.element.classList.toggle("empty", content.length === 0);
    this.toggle.hidden = content.length === 0;
  }

  set(open: boolean): void {
    this.open = open;
    this.element.classList.toggle("open", open);
    this.toggle.setAttribute("aria-expanded", String(open));
  }
}
