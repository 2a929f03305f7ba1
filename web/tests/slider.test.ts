import assert from "node:assert/strict";
import { test } from "node:test";
import { atStep, sliderOf } from "../src/figure/slider";
import { figure } from "./fixtures/note";
import { one, open, pathsOf } from "./open";

const degrees = [1, 2, 5];
const quantity = (field: string, domain: readonly number[]): object => ({
  field,
  type: "quantitative",
  title: field,
  scale: { domain },
});

/** A fit of three degrees (as many points as the degree and one more), data beside them, a reference line. */
const spec = {
  data: {
    values: degrees.flatMap((degree) =>
      Array.from({ length: degree + 1 }, (_, x) => ({ x, mean: x * degree, degree })),
    ),
  },
  encoding: { x: quantity("x", [0, 5]) },
  layer: [
    { mark: "line", encoding: { y: quantity("mean", [0, 25]) } },
    {
      data: { values: degrees.map((degree) => ({ x: 1, value: degree, degree })) },
      mark: "point",
      encoding: { y: quantity("value", [0, 25]) },
    },
    {
      data: { values: [{ reference: 3 }] },
      mark: { type: "rule", style: "reference" },
      encoding: { y: quantity("reference", [0, 25]), x: null },
    },
  ],
  usermeta: {
    slider: {
      field: "degree",
      title: "degree",
      values: degrees,
      texts: ["1", "2", "5"],
      alternatives: ["At degree 1.", "At degree 2.", "At degree 5."],
    },
  },
};

const corners = (root: ParentNode): number => pathsOf(root, "line")[0]?.getAttribute("d")?.match(/[ML]/g)?.length ?? 0;

test("the rows of one value are drawn, wherever they are, and those without the field always", () => {
  const slider = sliderOf(spec);
  assert.ok(slider);
  const shown = atStep(spec, slider, 1) as typeof spec;
  assert.deepEqual(
    shown.data.values.map(({ degree }) => degree),
    [2, 2, 2],
  );
  assert.deepEqual(shown.layer[1]?.data?.values, [{ x: 1, value: 2, degree: 2 }]);
  assert.deepEqual(shown.layer[2]?.data?.values, [{ reference: 3 }]);
  assert.deepEqual(shown.encoding, spec.encoding, "the axes stay");
  assert.equal(spec.data.values.length, 11, "the specification is as it was");
});

test("what is no slider is none", () => {
  const wrong: unknown[] = [
    undefined,
    null,
    "degree",
    { field: 1, values: [1] },
    { field: "degree", values: [] },
    { field: "degree", values: "123" },
    { field: "degree", values: [{}] },
    { field: "degree", values: new Array(1001).fill(1) },
  ];
  for (const slider of wrong) {
    assert.equal(sliderOf({ usermeta: { slider } }), undefined, `slider ${wrong.indexOf(slider)}`);
  }
  assert.equal(sliderOf({ usermeta: [] }), undefined);
  const plain = sliderOf({ usermeta: { slider: { field: "f", values: [1, "b"], texts: ["one"] } } });
  assert.ok(plain);
  assert.deepEqual(plain.texts, ["1", "b"], "texts that are not one for each value are not taken");
  assert.equal(plain.title, "f");
});

test("the slider below a figure chooses what is drawn and said", async () => {
  const { window, document, complaints, until } = await open(figure("f", spec));
  assert.equal(document.querySelector(".chart-error")?.textContent, undefined);
  assert.equal(document.querySelectorAll(".slider").length, 1);
  const input = one(document, "#f > .slider input") as HTMLInputElement;
  assert.equal(one(document, "#f > label.slider .name").textContent, "degree");
  assert.equal(input.getAttribute("aria-valuetext"), "1");
  assert.equal(corners(document), 2);
  assert.equal(pathsOf(document, "symbol").length, 1);
  for (const [step, degree] of [
    [2, 5],
    [1, 2],
  ] as const) {
    input.value = String(step);
    input.dispatchEvent(new window.Event("input"));
    await until(() => corners(document) === degree + 1);
    assert.equal(one(document, "#f .slider .at").textContent, String(degree));
    assert.equal(input.getAttribute("aria-valuetext"), String(degree));
    assert.equal(one(document, "#f .chart").getAttribute("aria-label"), `At degree ${degree}.`);
    assert.equal(document.querySelectorAll("#f .chart svg").length, 1);
  }
  assert.deepEqual(complaints, []);
});

test("of values that are passed quickly the last one is shown", async () => {
  const { window, document, until } = await open(figure("f", spec));
  const input = one(document, "#f > .slider input") as HTMLInputElement;
  for (const step of [1, 2, 1, 2]) {
    input.value = String(step);
    input.dispatchEvent(new window.Event("input"));
  }
  await until(() => corners(document) === 6);
  assert.equal(one(document, "#f .chart").getAttribute("aria-label"), "At degree 5.");
});

test("words of a slider are text", async () => {
  const words = "<img src=x onerror=alert(1)>";
  const hostile = {
    ...spec,
    usermeta: { slider: { ...spec.usermeta.slider, title: words, texts: [words, words, words], alternatives: [] } },
  };
  const { document, complaints } = await open(figure("f", hostile));
  assert.equal(document.querySelector(".slider img"), null);
  assert.equal(one(document, ".slider .name").textContent, words);
  assert.equal(one(document, ".slider .at").textContent, words);
  assert.deepEqual(complaints, []);
});
