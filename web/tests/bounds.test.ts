import assert from "node:assert/strict";
import { test } from "node:test";
import { figure } from "./fixtures/note";
import { one, open } from "./open";

const point = (more: object): object => ({
  data: {
    values: [
      { a: 1, b: 2 },
      { a: 5, b: 3 },
    ],
  },
  mark: "point",
  encoding: { x: { field: "a", type: "quantitative" }, y: { field: "b", type: "quantitative" } },
  ...more,
});

test("a figure that asks for more than can be drawn says so instead of hanging the page", async () => {
  const asked = {
    generator: point({ data: { sequence: { start: 0, stop: 1e9, step: 1, as: "a" } } }),
    "backward generator": point({ data: { sequence: { start: 0, stop: -1e9, step: -1, as: "a" } } }),
    "unknown end": point({ data: { sequence: { start: 0, stop: { signal: "1e9" }, step: 1, as: "a" } } }),
    expression: point({ transform: [{ calculate: "length(sequence(1e9))", as: "a" }] }),
    imputation: point({ transform: [{ impute: "b", key: "a", keyvals: { start: 0, stop: 1e9 } }] }),
    ticks: point({ encoding: { x: { field: "a", type: "quantitative", axis: { tickCount: 1e9 } } } }),
    bins: point({ encoding: { x: { field: "a", bin: { step: 1e-9 } }, y: { aggregate: "count" } } }),
    "many bins": point({ encoding: { x: { field: "a", bin: { maxbins: 1e9 } }, y: { aggregate: "count" } } }),
    density: point({ transform: [{ density: "b", as: ["a", "b"], steps: 1e9 }] }),
  };
  const names = Object.keys(asked);
  const { document } = await open(
    Object.values(asked)
      .map((spec, i) => figure(`f${i}`, spec, "alternative"))
      .join(""),
  );
  names.forEach((name, i) => {
    assert.match(one(document, `#f${i} > .chart-error`).textContent, /more than a page can draw/, name);
  });
});

test("a histogram and a short sequence are drawn", async () => {
  const { document } = await open(
    figure(
      "f0",
      point({ mark: "bar", encoding: { x: { field: "a", bin: { step: 0.5 } }, y: { aggregate: "count" } } }),
      "histogram",
    ) +
      figure(
        "f1",
        point({ mark: "bar", encoding: { x: { field: "a", bin: true }, y: { aggregate: "count" } } }),
        "histogram",
      ) +
      figure(
        "f3",
        point({ title: "A sequence (of two)", encoding: { x: { field: "a", title: "sequence (n)" } } }),
        "words",
      ) +
      figure("f2", point({ data: { sequence: { start: 0, stop: 100, step: 1, as: "a" } } }), "sequence"),
  );
  for (const id of ["f0", "f1", "f2", "f3"]) {
    assert.ok(one(document, `#${id} .chart svg`), id);
    assert.equal(document.querySelector(`#${id} > .chart-error`), null, id);
  }
});
