// What is wider than the page scrolls inside its own box. Such a box must be reachable by keyboard to be scrolled.

export function focusScrollers(root: ParentNode): void {
  for (const box of root.querySelectorAll<HTMLElement>(".scroll, pre, .math.display")) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
    }
  }
}
