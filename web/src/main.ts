// Upgrades a page that `ermine run` wrote: formulas first, since they move the text, then the figures.

import { drawFigures } from "./figure/figure";
import { drawMath } from "./math";
import { focusScrollers } from "./scroll";

async function upgrade(): Promise<void> {
  drawMath(document);
  await drawFigures(document);
  focusScrollers(document);
  document.documentElement.dataset["upgraded"] = "";
}

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", () => void upgrade(), { once: true });
} else {
  void upgrade();
}
