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
function goTo(fragment: string): void {
  const target = findTarget(fragment);
  if (!target) {
    return;
  }
  for (let around = target.closest("details"); around; around = around.parentElement?.closest("details") ?? null) {
    around.open = true;
  }
  target.scrollIntoView();
}

/** The browser looked before the note was there; after that it finds only what is written exactly. */
export function followFragments(): void {
  const go = (): void => {
    goTo(window.location.hash.slice(1));
  };
  addEventListener("hashchange", go);
  go();
}
