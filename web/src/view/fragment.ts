// Where a link `#name` lands. Headings of older notes kept upper case, and ids of raw HTML are written with `u-`, so a
// fragment is looked up exactly, then in lower case, then both with the prefix.

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

export function findTarget(fragment: string): HTMLElement | undefined {
  const name = decoded(fragment);
  if (name === "") {
    return undefined;
  }
  for (const id of [name, name.toLowerCase(), `u-${name}`, `u-${name.toLowerCase()}`]) {
    const found = document.getElementById(id);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/** Shows the target, also when it is folded away. */
function goTo(fragment: string, options?: ScrollIntoViewOptions): void {
  const target = findTarget(fragment);
  if (!target) {
    return;
  }
  for (let around = target.closest("details"); around; around = around.parentElement?.closest("details") ?? null) {
    around.open = true;
  }
  target.scrollIntoView(options);
}

const MOVES = ["wheel", "touchstart", "pointerdown", "keydown", "hashchange"] as const;

/**
 * The browser looked before the note was there; after that it finds only what is written exactly. Gives a function to call when
 * figures above the target may have moved it: it goes there again, unless the reader has moved on.
 */
export function followFragments(): () => void {
  let moved = false;
  const go = (options?: ScrollIntoViewOptions): void => {
    goTo(window.location.hash.slice(1), options);
  };
  for (const move of MOVES) {
    addEventListener(
      move,
      () => {
        moved = true;
      },
      { once: true, passive: true },
    );
  }
  addEventListener("hashchange", () => {
    go();
  });
  go({ behavior: "instant" });
  return () => {
    if (!moved) {
      go({ behavior: "instant" });
    }
  };
}
