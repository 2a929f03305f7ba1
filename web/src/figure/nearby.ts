// Which mark the reader means: the one under the pointer, else the nearest point within reach. A finger covers what it points
// at, and a line is too thin to be hit.

import type { View } from "vega";

/** An item of Vega's scenegraph, as far as it is needed here. */
export interface Item {
  readonly x?: number;
  readonly y?: number;
  readonly tooltip?: unknown;
  readonly defined?: boolean;
  readonly mark: Mark;
  /** Of a group: its marks. */
  readonly items?: readonly Mark[];
}

interface Mark {
  readonly marktype: string;
  readonly items: readonly Item[];
  readonly group?: Item;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

const LINES = new Set(["line", "area", "trail"]);
const NEAR = new Set(["line", "trail", "symbol"]);

/** Where the pointer is, in the coordinates of the outermost plot. */
function place(view: View, event: MouseEvent): Place {
  const svg = view.container()?.querySelector("svg");
  const box = svg?.getBoundingClientRect();
  const scale = svg && box && box.width > 0 ? Number(svg.getAttribute("width")) / box.width : 1;
  const [left, top] = view.origin();
  return { x: (event.clientX - (box?.left ?? 0)) * scale - left, y: (event.clientY - (box?.top ?? 0)) * scale - top };
}

const hasTooltip = (item: Item): boolean => item.tooltip !== undefined && item.tooltip !== null;

/**
 * A line or an area is one mark with an item for each of its points, and Vega reports the first of them wherever the pointer
 * is. The reader means the one below the pointer.
 */
function pointOf(item: Item, at: Place): Item {
  if (!LINES.has(item.mark.marktype)) {
    return item;
  }
  let x = at.x;
  for (let group = item.mark.group; group; group = group.mark.group) {
    x -= group.x ?? 0;
  }
  let nearest = item;
  for (const point of item.mark.items) {
    if (Math.abs((point.x ?? 0) - x) < Math.abs((nearest.x ?? 0) - x)) {
      nearest = point;
    }
  }
  return nearest;
}

/** The nearest point of a mark below `group` that has something to say, at most `reach` away. */
function nearestIn(group: Item, at: Place, reach: number): { readonly item: Item; readonly away: number } | undefined {
  let best: { item: Item; away: number } | undefined;
  for (const mark of group.items ?? []) {
    for (const item of mark.items) {
      let found: typeof best;
      if (mark.marktype === "group") {
        found = nearestIn(item, { x: at.x - (item.x ?? 0), y: at.y - (item.y ?? 0) }, reach);
      } else if (NEAR.has(mark.marktype) && hasTooltip(item) && item.defined !== false) {
        const away = Math.hypot((item.x ?? 0) - at.x, (item.y ?? 0) - at.y);
        found = away <= reach ? { item, away } : undefined;
      }
      if (found && (!best || found.away < best.away)) {
        best = found;
      }
    }
  }
  return best;
}

/** `hit`: what Vega found under the pointer. */
export function meant(view: View, event: MouseEvent, hit: Item | null | undefined, reach: number): Item | undefined {
  const at = place(view, event);
  if (hit && hasTooltip(hit)) {
    return pointOf(hit, at);
  }
  const { root } = view.scenegraph() as unknown as { root: Mark };
  return root.items
    .map((group) => nearestIn(group, at, reach))
    .filter((found) => found !== undefined)
    .sort((a, b) => a.away - b.away)[0]?.item;
}
