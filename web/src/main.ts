// Starts when the page has been read.

import { readPage } from "./page";
import { showPage } from "./view/show";

function start(): void {
  showPage(readPage(document));
}

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", start, { once: true });
} else {
  start();
}
