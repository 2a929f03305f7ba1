// Draws the figures of studies and of embedded specifications, each once: afterwards a figure keeps itself fitting.

import { drawFigures } from "../figure/figure";

const drawn = new WeakSet<Element>();

/** Draws what below `root` has not been drawn yet, in document order. */
export async function drawFresh(root: ParentNode): Promise<void> {
  for (const holder of root.querySelectorAll<HTMLElement>(".study, .embed-figure")) {
    if (!drawn.has(holder)) {
      drawn.add(holder);
      await drawFigures(holder);
    }
  }
}
