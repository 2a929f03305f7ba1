// Starts when the page has been read.

import { readPage } from "./page";
import { followServer } from "./view/live";
import { showPage } from "./view/show";

function start(): void {
  const page = readPage(document);
  showPage(page);
  if (page.live) {
    followServer(page, showPage);
  }
}

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", start, { once: true });
} else {
  start();
}
