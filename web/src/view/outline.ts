// The outline beside a document: its headings as links, the one that is being read marked.

import type { Heading } from "../note/render";
import { make } from "./dom";

/** Fewer headings need no outline. */
const FEWEST = 3;
/** How far below the top edge a heading may be and count as being read, in CSS pixels. */
const READING_LINE = 120;

/** Headings for the outline. The one level-1 heading that a note starts with is its title, not a part of it. */
export function outlined(headings: readonly Heading[], deepest: number): readonly Heading[] {
  const first = headings.filter(({ level }) => level === 1).length === 1 ? 2 : 1;
  const shown = headings.filter(({ level, text }) => level >= first && level <= deepest && text !== "");
  return shown.length < FEWEST ? [] : shown;
}

/** Lists in lists, as the levels say; a level that is left out does not indent twice. */
export function outlineList(headings: readonly Heading[]): HTMLElement {
  const top = make("ul");
  const open: { level: number; list: HTMLElement }[] = [];
  for (const { level, id, text } of headings) {
    while ((open[open.length - 1]?.level ?? 0) >= level) {
      open.pop();
    }
    const item = make("li", {}, make("a", { href: `#${encodeURIComponent(id)}` }, text));
    const around = open[open.length - 1]?.list ?? top;
    around.append(item);
    const list = make("ul");
    open.push({ level, list });
    item.append(list);
  }
  top.querySelectorAll("ul:empty").forEach((list) => {
    list.remove();
  });
  return top;
}

/** Marks the link of the section under the reader's eyes; at the end of the page the last one. Gives a function that stops it. */
export function followReading(outline: HTMLElement): () => void {
  let waiting = false;
  let marked: Element | undefined;
  const mark = (): void => {
    waiting = false;
    let current: Element | undefined;
    const atEnd = scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
    const line = atEnd ? innerHeight : READING_LINE;
    for (const link of outline.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')) {
      const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (heading && heading.getBoundingClientRect().top <= line) {
        current = link;
      }
    }
    if (current !== marked) {
      marked?.removeAttribute("aria-current");
      current?.setAttribute("aria-current", "true");
      marked = current;
    }
  };
  const later = (): void => {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(mark);
    }
  };
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later, { passive: true });
  later();
  return () => {
    removeEventListener("scroll", later);
    removeEventListener("resize", later);
  };
}
