// The box that shows the values of the mark under the pointer. Its content comes from the data, so it is set as text.

import type { View } from "vega";

interface Placed {
  readonly x?: number;
  readonly tooltip?: unknown;
  readonly mark: { readonly marktype: string; readonly items: readonly Placed[]; readonly group?: Placed };
}

/**
 * A line or an area is one mark with an item for each of its points, and Vega reports the first of them wherever the pointer
 * is. The reader means the one below the pointer.
 */
function valueUnder(view: View, event: MouseEvent, item: Placed): unknown {
  const svg = view.container()?.querySelector("svg");
  if (!svg || !["line", "area", "trail"].includes(item.mark.marktype)) {
    return item.tooltip;
  }
  const box = svg.getBoundingClientRect();
  const scale = box.width > 0 ? Number(svg.getAttribute("width")) / box.width : 1;
  let x = (event.clientX - box.left) * scale - view.origin()[0];
  for (let group = item.mark.group; group; group = group.mark.group) {
    x -= group.x ?? 0;
  }
  let nearest = item;
  for (const point of item.mark.items) {
    if (Math.abs((point.x ?? 0) - x) < Math.abs((nearest.x ?? 0) - x)) {
      nearest = point;
    }
  }
  return nearest.tooltip;
}

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
  const x = event.clientX + gap + width > right ? event.clientX - gap - width : event.clientX + gap;
  const y = event.clientY + gap + height > bottom ? event.clientY - gap - height : event.clientY + gap;
  box.style.left = `${Math.max(0, x)}px`;
  box.style.top = `${Math.max(0, y)}px`;
}

/** The box, of which the page has at most one. */
const shown = (): HTMLElement | null => document.querySelector(".chart-tooltip");

function show(event: MouseEvent, value: unknown): void {
  let box = shown();
  if (!box) {
    box = document.createElement("div");
    box.className = "chart-tooltip";
    box.setAttribute("aria-hidden", "true");
    document.body.append(box);
  }
  fill(box, value);
  place(box, event);
}

/**
 * Shows the values of what the pointer is on. Vega's own tooltip handler is not told of a line unless the pointer is within
 * a stroke's width of one of its points, so the view's events are used instead.
 */
export function watchPointer(view: View): void {
  view.addEventListener("pointermove", (event, item) => {
    const marked = item as unknown as Placed | null | undefined;
    if (marked?.tooltip === undefined || marked.tooltip === null) {
      shown()?.remove();
    } else {
      show(event as MouseEvent, valueUnder(view, event as MouseEvent, marked));
    }
  });
  view.addEventListener("pointerout", () => shown()?.remove());
}
