// The order of drawing. Where there are many figures drawing takes a while, so those on the screen come first, wherever the
// reader has gone meanwhile; the others follow, nearest first, when the browser has nothing else to do.

export interface Drawable {
  readonly place: Element;
  /** Never fails: what goes wrong is shown in its place. */
  draw(): Promise<void>;
}

/** The longest that a figure out of sight waits for an idle browser, in milliseconds. */
const PATIENCE = 100;

const waiting = new Set<Drawable>();
let working: Promise<void> | undefined;

/** How far an element is from the screen, in CSS pixels. */
function away(element: Element): number {
  const box = element.getBoundingClientRect();
  return Math.max(0, box.top - innerHeight, -box.bottom);
}

function nearest(): { readonly next: Drawable; readonly away: number } | undefined {
  let best: { next: Drawable; away: number } | undefined;
  for (const next of waiting) {
    const distance = away(next.place);
    if (!best || distance < best.away) {
      best = { next, away: distance };
    }
  }
  return best;
}

const breathe = (idle: boolean): Promise<void> =>
  new Promise((resolve) => {
    if (idle && typeof requestIdleCallback !== "undefined") {
      requestIdleCallback(
        () => {
          resolve();
        },
        { timeout: PATIENCE },
      );
    } else {
      setTimeout(resolve);
    }
  });

async function work(): Promise<void> {
  await Promise.resolve(); // where nothing waits, `working` must be set before it is unset
  for (let turn = nearest(); turn; turn = nearest()) {
    waiting.delete(turn.next);
    await turn.next.draw();
    await breathe((nearest()?.away ?? 0) > 0);
  }
  working = undefined;
}

/** Draws these when it is their turn. Resolves when nothing waits any more. */
export function inTurn(drawables: Iterable<Drawable>): Promise<void> {
  for (const drawable of drawables) {
    waiting.add(drawable);
  }
  if (waiting.size === 0 && !working) {
    return Promise.resolve();
  }
  working ??= work();
  return working;
}

/** They are drawn now, or are gone. */
export function outOfTurn(drawables: Iterable<Drawable>): void {
  for (const drawable of drawables) {
    waiting.delete(drawable);
  }
}
