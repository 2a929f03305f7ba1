// What is wider than the page scrolls inside its own box. Such a box must be reachable by keyboard to be scrolled.

function mark(root: ParentNode): void {
  for (const box of root.querySelectorAll<HTMLElement>(".scroll, pre, .math.display")) {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) {
      box.tabIndex = 0;
    }
  }
}

/** Boxes in a closed `details` have no size until it is opened. */
export function focusScrollers(root: Document): void {
  mark(root);
  root.addEventListener(
    "toggle",
    (event) => {
      if (event.target instanceof Element) {
        mark(event.target);
      }
    },
    true,
  );
}
