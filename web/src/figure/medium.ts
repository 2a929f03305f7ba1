// What figures are drawn for: a light or a dark page, screen or paper. A reader's choice on the page (`data-theme` of <html>,
// "light" or "dark") comes before the system's; paper is light.

import { dark, light, type Palette } from "./palette";

export interface Medium {
  readonly palette: Palette;
  readonly paper: boolean;
}

let paper = false;

const scheme = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

export function medium(): Medium {
  const chosen = document.documentElement.dataset["theme"];
  const isDark = chosen === "dark" || (chosen !== "light" && scheme().matches);
  return { palette: isDark && !paper ? dark : light, paper };
}

/** `now` has to be done when it returns: paper is printed as it is then. `soon` may take its time. */
export function watchMedium(soon: () => void, now: () => void): void {
  scheme().addEventListener("change", soon);
  new MutationObserver(soon).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  addEventListener("beforeprint", () => {
    paper = true;
    now();
  });
  addEventListener("afterprint", () => {
    paper = false;
    soon();
  });
}
