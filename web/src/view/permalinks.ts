// The sign beside a heading that links to it. It is drawn here; the renderer's HTML has none.

import { make } from "./dom";

export function addPermalinks(root: ParentNode): void {
  for (const heading of root.querySelectorAll<HTMLElement>(":is(h1, h2, h3, h4, h5, h6)[id]")) {
    if (heading.id.startsWith("u-")) {
      continue;
    }
    const link = make("a", { class: "permalink", href: `#${encodeURIComponent(heading.id)}` }, "#");
    link.setAttribute("aria-label", `Link to “${heading.textContent}”`);
    heading.append(link);
  }
}
