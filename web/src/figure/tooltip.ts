// The box that shows the values of the mark under the pointer or the finger. Its content comes from the data, so it is set as
// text.

import type { View } from "vega";
import { meant, type Item } from "./nearby";

/** A number written out in full says less than its first digits. */
function brief(text: string): string {
  return /^[-\u2212]?\d+\.\d{4,}(?:e[-\u2212+]?\d+)?$/.test(text)
    ? String(Number(Number(text.replaceAll("\u2212", "-")).toPrecision(4))).replaceAll("-", "\u2212")
    : text;
}

function rows(value: unknown): [string, string][] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value).map(([key, entry]) => [key, brief(String(entry))]);
  }
  return [["", String(value)]];
}

function fill(box: HTMLElement, value: unknown): void {
  const list = document.createElement("dl");
  for (const [key, text] of rows(value)) {
    const term = document.createElement("dt");
    const description = document.createElement("dd");
    term.textContent = key;
    description.textContent = text;
    list.append(term, description);
  }
  box.replaceChildren(list);
}

function place(box: HTMLElement, event: MouseEvent): void {
  const gap = 14;
  const right = document.documentElement.clientWidth;
  const bottom = document.documentElement.clientHeight;
  const { offsetWidth: width, offsetHeight: height } = box;
  // Above a finger, beside the tip of a mouse.
  const above = isTouch(event) || event.clientY + gap + height > bottom;
  const x = event.clientX + gap + width > right ? event.clientX - gap - width : event.clientX + gap;
  const y = above ? event.clientY - gap - height : event.clientY + gap;
  box.style.left = `${Math.max(0, x)}px`;
  box.style.top = `${Math.max(0, y)}px`;
}

const isTouch = (event: Event): boolean => "pointerType" in event && event.pointerType === "touch";

/** The box, of which the page has at most one, and what ends it. */
let shown: { readonly box: HTMLElement; readonly end: AbortController } | undefined;

function hide(): void {
  shown?.box.remove();
  shown?.end.abort();
  shown = undefined;
}

function open(): HTMLElement {
  const box = document.createElement("div");
  box.className = "chart-tooltip";
  box.setAttribute("aria-hidden", "true");
  document.body.append(box);
  const end = new AbortController();
  const { signal } = end;
  // It lies over the page where it was opened: it goes with the next tap elsewhere, with Escape, and when the page moves.
  document.addEventListener("pointerdown", hide, { capture: true, signal });
  document.addEventListener("scroll", hide, { capture: true, passive: true, signal });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape") {
        hide();
      }
    },
    { signal },
  );
  shown = { box, end };
  return box;
}

function show(event: MouseEvent, value: unknown): void {
  const box = shown?.box ?? open();
  fill(box, value);
  place(box, event);
}

/** How far from a point the pointer may be, in CSS pixels. */
const REACH = { mouse: 12, touch: 28 };

/**
 * Shows the values of what the pointer is on, of what was tapped. Vega's own tooltip handler is not told of a line unless the
 * pointer is within a stroke's width of one of its points, so the view's events are used instead.
 */
export function watchPointer(view: View): void {
  for (const type of ["pointermove", "pointerdown"]) {
    view.addEventListener(type, (event, item) => {
      const pointer = event as MouseEvent;
      const hit = item as unknown as Item | null | undefined;
      const found = meant(view, pointer, hit, isTouch(pointer) ? REACH.touch : REACH.mouse);
      if (found) {
        show(pointer, found.tooltip);
      } else {
        hide();
      }
    });
  }
  // A finger that is lifted has gone out too, but the reader wants to read.
  view.addEventListener("pointerout", (event) => {
    if (!isTouch(event as Event)) {
      hide();
    }
  });
}
