// The deck of slides as reveal.js wants it. It takes every `section` below the slides for a slide of its own, so sections of
// other kinds (a study, footnotes, raw HTML) become divisions.

import { make } from "./dom";

const isSlide = (element: Element): boolean =>
  element.tagName === "SECTION" && !element.classList.contains("footnotes");

/** A column of slides: a section of nothing but sections. */
const isColumn = (section: Element): boolean => section.children.length > 0 && [...section.children].every(isSlide);

/** The slides in reading order: the sections themselves and those of columns. */
export const slidesOf = (body: ParentNode): HTMLElement[] =>
  ([...body.children] as HTMLElement[]).flatMap((section) =>
    isColumn(section) ? ([...section.children] as HTMLElement[]) : [section],
  );

/** The same content and attributes in a `div`. */
export function asDivision(section: HTMLElement): HTMLElement {
  const division = make("div");
  for (const { name, value } of section.attributes) {
    division.setAttribute(name, value);
  }
  division.append(...section.childNodes);
  if (section.parentNode) {
    section.replaceWith(division);
  }
  return division;
}

/** Leaves only slides as sections. */
export function divideSections(body: ParentNode): void {
  for (const slide of slidesOf(body)) {
    slide.querySelectorAll("section").forEach(asDivision);
  }
}
