import assert from "node:assert/strict";
import { test } from "node:test";
import { light } from "../src/figure/palette";
import { shapeOf, sizeAtFirst, sizeOfPlane } from "../src/figure/shape";
import { figure } from "./fixtures/note";
import { one, open, pathsOf } from "./open";

const look = { palette: light, width: 700, textSize: 16 };

test("a plane keeps one scale for both axes, and fits on a screen", () => {
  for (const aspect of [0.4, 1, 2.5]) {
    const plot = 560;
    const size = sizeOfPlane({ aspect }, look, plot);
    assert.ok(size?.height !== undefined);
    const wide = size.width - (look.width - plot);
    assert.ok(Math.abs(size.height / wide - aspect) < 0.01, `${size.height} by ${wide}`);
    assert.ok(size.width <= look.width && size.height <= 34 * look.textSize);
  }
  assert.equal(sizeOfPlane({}, look, 560), undefined);
});

test("rows of ridges have room, other figures their usual height", () => {
  const few = sizeAtFirst({ rows: 3 }, look).height ?? 0;
  const many = sizeAtFirst({ rows: 9 }, look).height ?? 0;
  assert.ok(few > 100 && many > 2 * few);
  assert.equal(sizeAtFirst({}, look).height, undefined);
});

test("what is no shape is none", () => {
  assert.deepEqual(shapeOf({ usermeta: { aspect: "wide", rows: -1 } }), {});
  assert.deepEqual(shapeOf({ usermeta: { aspect: 1e9, rows: 1e9 } }), {});
  assert.deepEqual(shapeOf({ usermeta: null }), {});
  assert.deepEqual(shapeOf({ usermeta: { aspect: 0.5, slider: {} } }), { aspect: 0.5 });
});

const place = (field: string): object => ({ field, type: "quantitative", title: field, axis: { grid: false } });
const square = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [0, 0],
];
const hole = [
  [1, 1],
  [1, 2],
  [2, 2],
  [2, 1],
  [1, 1],
];

test("rings with breaks between them are one path, filled, in the theme's colours", async () => {
  const values = [...square, [null, null], ...hole].map(([a, b]) => ({ a, b }));
  const spec = {
    encoding: { x: place("a"), y: place("b") },
    layer: [
      {
        data: { values },
        mark: { type: "line", filled: true, clip: true },
        encoding: {
          order: { value: null },
          tooltip: null,
          color: {
            datum: "training error 0",
            type: "nominal",
            title: null,
            scale: { domain: ["training error 0", "low risk", "both"], range: "regions" },
          },
        },
      },
      {
        data: { values: values.map(({ a, b }) => ({ a, b })) },
        mark: { type: "line", style: "hatch", clip: true },
        encoding: { order: { value: null }, tooltip: null },
      },
    ],
    usermeta: { map: true, aspect: 1 },
  };
  const { document, complaints } = await open(figure("f", spec));
  const [filled, hatched] = pathsOf(document, "line");
  assert.equal(filled?.getAttribute("d")?.match(/M/g)?.length, 2);
  assert.equal(filled.getAttribute("fill"), light.regions.first);
  assert.equal(filled.getAttribute("stroke"), null);
  assert.equal(hatched?.getAttribute("stroke"), light.regions.second);
  const text = one(document, ".chart svg").textContent;
  for (const word of ["training error 0", "low risk", "both"]) {
    assert.ok(text.includes(word), word);
  }
  assert.deepEqual(complaints, []);
});
