// What is around the note in document and book view: the way past the buttons, the bar with them, the side, and at the foot
// what made the page.

import type { PageData } from "../page";
import { make } from "./dom";
import type { SchemeSwitch } from "./scheme";
import type { Sidebar } from "./sidebar";
import { printButton, schemeButton, sourceButton, viewLink } from "./toolbar";

const MAIN = "note";

/** The page's one `main`, which can be jumped to. */
export function mainElement(): HTMLElement {
  const main = document.querySelector<HTMLElement>("main.note") ?? make("main", { class: "note" });
  main.id = MAIN;
  main.tabIndex = -1;
  main.replaceChildren();
  return main;
}

export class Frame {
  private readonly foot = make("footer", { class: "colophon" });
  private readonly slides = viewLink("slides", "Slides", "view=slides");

  constructor(main: HTMLElement, sidebar: Sidebar, scheme: SchemeSwitch, page: () => PageData) {
    const skip = make("a", { class: "skip", href: `#${MAIN}` }, "Skip to the text");
    const tools = make(
      "div",
      { class: "tools", role: "group", "aria-label": "Page" },
      this.slides,
      printButton(),
      sourceButton(page),
      schemeButton(scheme),
    );
    const bar = make("header", { class: "bar" }, sidebar.toggle, tools);
    const layout = make("div", { class: "layout" }, sidebar.element, main);
    document.body.prepend(skip, bar, layout, this.foot);
  }

  /** A note without a line that cuts it has no slides to go to. */
  show({ file, version }: PageData, isCut: boolean): void {
    this.slides.hidden = !isCut;
    const maker = version === "" ? "Ermine" : `Ermine ${version}`;
    this.foot.replaceChildren(file === "" ? `Made by ${maker}` : `Made from ${file} by ${maker}`);
  }
}
