import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dark, light } from "../src/figure/palette";
import { theme } from "../src/figure/theme";
import { figure, specs } from "./fixtures/note";
import { sample } from "./fixtures/sample";
import { one, open, pathsOf } from "./open";

const colours = (root: ParentNode, mark: string): (string | null)[] =>
  pathsOf(root, mark).map((path) => path.getAttribute("stroke") ?? path.getAttribute("fill"));

test("a line with its band has a line and an area for each condition", async () => {
  const { document, complaints } = await open(figure("f", specs.loss));
  assert.equal(pathsOf(document, "line").length, 5);
  assert.equal(pathsOf(document, "area").length, 5);
  assert.deepEqual(complaints, []);
  const text = one(document, ".chart svg").textContent;
  for (const word of ["training loss", "epoch", "corrupted labels", "0.25"]) {
    assert.ok(text.includes(word), word);
  }
});

test("a band is faint and the keys of its legend are not", async () => {
  const { document } = await open(figure("f", specs.loss));
  assert.ok(pathsOf(document, "area").every((path) => path.getAttribute("opacity") === "0.2"));
  const keys = [...document.querySelectorAll(".role-legend-symbol path")];
  assert.equal(keys.length, 5);
  assert.ok(keys.every((path) => Number(path.getAttribute("opacity") ?? 1) === 1));
});

test("points are runs and the line goes through their means", async () => {
  const { document } = await open(figure("f", specs.epochs));
  assert.equal(pathsOf(document, "symbol").length, 15);
  assert.equal(pathsOf(document, "line").length, 1);
});

test("a null breaks a line on a log scale", async () => {
  const values = [0.5, 0.1, null, 0.2, 0.3].map((y, x) => ({ x, y }));
  const quantity = (field: string): object => ({ field, type: "quantitative" });
  const spec = {
    data: { values },
    mark: "line",
    encoding: { x: quantity("x"), y: { ...quantity("y"), scale: { type: "log", nice: false } } },
  };
  const { document } = await open(figure("f", spec));
  const drawn = pathsOf(document, "line").map((path) => path.getAttribute("d") ?? "");
  assert.equal(drawn.join("").match(/M/g)?.length, 2);
  assert.ok(!drawn.join("").includes("NaN"));
});

test("every specification that README.md recommends is drawn", async () => {
  const blocks = [...readFileSync("README.md", "utf8").matchAll(/```json\n([\s\S]*?)```/g)].map(
    (match) => match[1] ?? "",
  );
  assert.ok(blocks.length >= 6);
  const all = blocks.map((block) => JSON.parse(block) as object);
  const body = all.map((spec, n) => figure(`f${n}`, Array.isArray(spec) ? { layer: spec } : spec)).join("");
  const { document, complaints } = await open(body);
  assert.equal(document.querySelector(".chart-error")?.textContent, undefined);
  for (let n = 0; n < all.length; n += 1) {
    assert.ok(
      one(document, `#f${n}`).querySelector('[class*="mark-"][class*="role-mark"] :is(path, line, text)'),
      `figure ${n}`,
    );
  }
  assert.deepEqual(complaints, []);
});

test("the sample page upgrades without a complaint and without a request", async () => {
  const { document, complaints, requests } = await open(sample());
  assert.equal(document.querySelectorAll(".chart svg").length, 8);
  assert.equal(document.querySelectorAll(".chart-error").length, 1);
  assert.deepEqual(complaints, []);
  assert.deepEqual(requests, []);
});

test("colours follow the reader's colour scheme", async () => {
  const { document, setDark, until } = await open(figure("f", specs.errors));
  assert.deepEqual(colours(document, "line").sort(), light.categories.slice(0, 2).sort());
  setDark(true);
  await until(() => colours(document, "line").includes(dark.categories[0] ?? ""));
  assert.deepEqual(colours(document, "line").sort(), dark.categories.slice(0, 2).sort());
  assert.equal(document.querySelectorAll(".chart svg").length, 1);
});

test("paper is light, and the screen comes back after printing", async () => {
  const { window, document, until } = await open(figure("f", specs.errors), { dark: true });
  const has = (colour: string | undefined) => () => colours(document, "line").includes(colour ?? "");
  assert.ok(has(dark.categories[0])());
  window.dispatchEvent(new window.Event("beforeprint"));
  await until(has(light.categories[0]));
  window.dispatchEvent(new window.Event("afterprint"));
  await until(has(dark.categories[0]));
});

test("the chart fills the width of its figure", async () => {
  for (const width of [340, 900]) {
    const { document } = await open(figure("f", specs.loss), { width });
    assert.ok(Math.abs(Number(one(document, ".chart svg").getAttribute("width")) - width) <= 1);
  }
});

const plotWidth = (root: ParentNode): number =>
  Number(/h([\d.]+)/.exec(one(root, ".role-frame > g > .background").getAttribute("d") ?? "")?.[1]);

test("long names in a legend go below the plot, and are cut where they end", async () => {
  const model = (depth: number): string => `[${"dense 64, relu, ".repeat(depth)}dense]`;
  const values = [1, 8, 40].flatMap((depth) =>
    [0, 1].map((epoch) => ({ epoch, loss: depth - epoch, model: model(depth) })),
  );
  const spec = {
    data: { values },
    mark: "line",
    encoding: {
      x: { field: "epoch", type: "quantitative" },
      y: { field: "loss", type: "quantitative" },
      color: { field: "model", type: "nominal", sort: null },
    },
  };
  for (const width of [340, 900]) {
    const { document } = await open(figure("f", spec), { width });
    assert.ok(plotWidth(document) > 0.7 * width, `plot is ${plotWidth(document)} of ${width} wide`);
    assert.ok(Number(one(document, ".chart svg").getAttribute("width")) <= width + 1);
  }
});

test("a long name beside a bar ends with an ellipsis, and the tooltip has the whole", async () => {
  const long = `[${"dense 64, relu, ".repeat(20)}dense]`;
  const spec = {
    data: { values: [long, "mlp 512"].map((model, i) => ({ model, error: i + 1 })) },
    mark: "bar",
    encoding: {
      y: { field: "model", type: "nominal", sort: null, title: null },
      x: { field: "error", type: "quantitative" },
    },
  };
  for (const width of [340, 900]) {
    const { window, document } = await open(figure("f", spec), { width });
    const names = [...document.querySelectorAll(".role-axis-label text")].map((text) => text.textContent);
    const cut = names.find((name) => name.startsWith("[dense 64"));
    assert.ok(cut?.endsWith("…") && cut.length < long.length / 2, `${cut} is cut`);
    assert.ok(names.includes("mlp 512"), "a short name is whole");
    assert.ok(plotWidth(document) > 0.45 * width, `plot is ${plotWidth(document)} of ${width} wide`);
    const bar = one(document, ".mark-rect path");
    bar.dispatchEvent(new window.MouseEvent("pointermove", { bubbles: true, clientX: 5, clientY: 5 }));
    assert.ok(one(document, ".chart-tooltip").textContent.includes(long));
  }
});

test("on a phone a long legend is set in columns and the plot keeps its width", async () => {
  const { document } = await open(figure("f", specs.manyNames), { width: 340 });
  const svg = one(document, ".chart svg");
  assert.ok(Number(svg.getAttribute("width")) <= 341);
  assert.ok(plotWidth(document) > 240, `plot is ${plotWidth(document)} wide`);
});

test("an unreadable specification says so and keeps the data table", async () => {
  const broken = figure("f", {}).replace("{}</script>", "{oops</script>");
  const { document } = await open(broken + figure("g", { mark: "sunburst" }) + figure("h", specs.bars));
  for (const id of ["f", "g"]) {
    assert.match(one(document, `#${id} > .chart-error`).textContent, /could not be drawn/);
    assert.ok(document.querySelector(`#${id} .data table`));
  }
  assert.equal(pathsOf(one(document, "#h"), "rect").length, 4);
});

test("a tooltip shows the values of the point as text", async () => {
  const spec = {
    data: { values: [{ name: "<img src=x onerror=alert(1)>", value: 2 }] },
    mark: "bar",
    encoding: {
      y: { field: "name", type: "nominal", title: "name" },
      x: { field: "value", type: "quantitative", title: "value" },
    },
  };
  const { window, document } = await open(figure("f", spec));
  const bar = one(document, ".mark-rect path");
  for (const type of ["pointerover", "pointermove", "mouseover", "mousemove"]) {
    bar.dispatchEvent(new window.MouseEvent(type, { bubbles: true, clientX: 5, clientY: 5 }));
  }
  const box = one(document, ".chart-tooltip");
  assert.equal(box.querySelector("img"), null);
  assert.match(box.textContent, /<img src=x onerror=alert\(1\)>/);
});

test("a tooltip on a line shows the point below the pointer", async () => {
  const quantity = (field: string): object => ({ field, type: "quantitative", title: field });
  const values = [0, 1, 2, 3].map((x) => ({ x, y: -x / 7 }));
  const spec = { data: { values }, mark: "line", encoding: { x: quantity("x"), y: quantity("y") } };
  const { window, document } = await open(figure("f", spec));
  const line = one(document, ".mark-line path");
  const svg = one(document, ".chart svg");
  Object.assign(svg, { getBoundingClientRect: () => ({ left: 0, top: 0, width: Number(svg.getAttribute("width")) }) });
  const shown = (clientX: number): string => {
    line.dispatchEvent(new window.MouseEvent("pointermove", { bubbles: true, clientX, clientY: 5 }));
    return one(document, ".chart-tooltip dl").textContent;
  };
  assert.equal(shown(620), "x3y\u22120.4286");
  assert.equal(shown(50), "x0y0");
  line.dispatchEvent(new window.MouseEvent("pointerout", { bubbles: true }));
  assert.equal(document.querySelector(".chart-tooltip"), null);
});

test("a tap near a point shows its values, and they stay when the finger goes", async () => {
  const quantity = (field: string): object => ({ field, type: "quantitative", title: field });
  const values = [0, 1, 2, 3].map((x) => ({ x, y: x * x }));
  const spec = { data: { values }, mark: "point", encoding: { x: quantity("x"), y: quantity("y") } };
  const { window, document } = await open(figure("f", spec));
  const svg = one(document, ".chart svg");
  Object.assign(svg, {
    getBoundingClientRect: () => ({ left: 0, top: 0, width: Number(svg.getAttribute("width")) }),
  });
  const moved = (element: Element): [number, number] => {
    const found = /translate\(([-\d.]+),\s*([-\d.]+)\)/.exec(element.getAttribute("transform") ?? "");
    return [Number(found?.[1]), Number(found?.[2])];
  };
  const [left, top] = moved(one(svg, "g"));
  const [x, y] = moved(one(svg, ".mark-symbol path:nth-child(3)"));
  const touch = (type: string, dx: number): void => {
    const event = new window.MouseEvent(type, { bubbles: true, clientX: left + x + dx, clientY: top + y + 5 });
    svg.dispatchEvent(Object.assign(event, { pointerType: "touch" }));
  };
  touch("pointerdown", 20);
  assert.equal(one(document, ".chart-tooltip dl").textContent, "x2y4");
  touch("pointerout", 20);
  assert.ok(document.querySelector(".chart-tooltip"));
  touch("pointerdown", 60);
  assert.equal(document.querySelector(".chart-tooltip"), null);
  touch("pointerdown", 20);
  document.dispatchEvent(new window.KeyboardEvent("keydown", { key: "Escape" }));
  assert.equal(document.querySelector(".chart-tooltip"), null);
});

test("the reader's choice of colours comes before the system's", async () => {
  const { document, until } = await open(figure("f", specs.errors), { dark: true });
  assert.ok(colours(document, "line").includes(dark.categories[0] ?? ""));
  document.documentElement.dataset["theme"] = "light";
  await until(() => colours(document, "line").includes(light.categories[0] ?? ""));
});

test("on a slide the marks grow with the text", () => {
  const look = { palette: light, width: 960 };
  const page = theme({ ...look, textSize: 16 }, "beside");
  const slide = theme({ ...look, textSize: 32 }, "beside");
  assert.equal((slide.line?.strokeWidth as number) / (page.line?.strokeWidth as number), 2);
  assert.equal((slide.axis?.labelFontSize as number) / (page.axis?.labelFontSize as number), 2);
});
