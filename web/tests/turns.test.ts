import assert from "node:assert/strict";
import { test } from "node:test";
import { inTurn, outOfTurn, type Drawable } from "../src/figure/turns";

Object.assign(globalThis, { innerHeight: 800 });

/** A figure 100 high whose top is at `top`; it writes its name down when drawn. */
function at(top: number, name: string, drawn: string[], then?: () => void): Drawable {
  const place = { getBoundingClientRect: () => ({ top, bottom: top + 100 }) } as Element;
  const draw = (): Promise<void> => {
    drawn.push(name);
    then?.();
    return Promise.resolve();
  };
  return { place, draw };
}

test("figures on the screen come first, then the nearest", async () => {
  const drawn: string[] = [];
  await inTurn([
    at(-5000, "far above", drawn),
    at(-300, "just above", drawn),
    at(0, "top", drawn),
    at(700, "bottom", drawn),
    at(2000, "below", drawn),
  ]);
  assert.deepEqual(drawn, ["top", "bottom", "just above", "below", "far above"]);
});

test("what is added while others wait has its turn, and the first call waits for it too", async () => {
  const drawn: string[] = [];
  const late = at(10, "late", drawn);
  await inTurn([at(0, "first", drawn, () => void inTurn([late])), at(9000, "last", drawn)]);
  assert.deepEqual(drawn, ["first", "late", "last"]);
});

test("what is drawn out of turn is not drawn again", async () => {
  const drawn: string[] = [];
  const other = at(500, "other", drawn);
  await inTurn([
    at(0, "first", drawn, () => {
      outOfTurn([other]);
    }),
    other,
  ]);
  assert.deepEqual(drawn, ["first"]);
});

test("that nothing was to be drawn does not stop what comes later, as on slides that are not shown yet", async () => {
  const drawn: string[] = [];
  await inTurn([]);
  await inTurn([at(0, "later", drawn)]);
  assert.deepEqual(drawn, ["later"]);
});
