import assert from "node:assert/strict";
import { test } from "node:test";
import { figure } from "./fixtures/note";
import { one, open } from "./open";

const attack =
  '</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1"><svg onload="window.pwned=1">';

/** Elements that only an attack could have made. */
const foreign =
  "main script:not(.spec), img, iframe, object, embed, form, main input, main a:not(.csv), [onload], [onerror], [onclick], [onfocus]";

test("script in every text of a specification stays text", async () => {
  const spec = {
    title: attack,
    description: attack,
    data: { values: [{ name: attack, value: 1 }] },
    mark: { type: "bar", tooltip: attack, href: "javascript:window.pwned=1" },
    encoding: {
      y: { field: "name", type: "nominal", title: attack },
      x: { field: "value", type: "quantitative", title: attack },
      color: { field: "name", type: "nominal", title: attack },
      href: { value: "javascript:window.pwned=1" },
    },
  };
  const { window, document } = await open(figure("f", spec, attack));
  assert.ok(document.querySelector(".chart svg"));
  assert.deepEqual([...document.querySelectorAll(foreign)], []);
  one(document, ".mark-rect path").dispatchEvent(new window.MouseEvent("click", { bubbles: true }));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((window as unknown as { pwned?: number }).pwned, undefined);
  assert.deepEqual([...document.querySelectorAll(foreign)], []);
});

test("an expression cannot reach the page", async () => {
  const reach = (calculate: string): object => ({
    data: { values: [{ x: 1 }] },
    transform: [{ calculate, as: "y" }],
    mark: "point",
    encoding: { y: { field: "y", type: "quantitative" } },
  });
  const expressions = [
    "window.pwned=1",
    "this.constructor.constructor('window.pwned=1')()",
    "datum.constructor.constructor('window.pwned=1')()",
    "replace('a', /a/, alert)",
    "toString.constructor('window.pwned=1')()",
  ];
  const { window } = await open(expressions.map((expression, n) => figure(`f${n}`, reach(expression))).join(""));
  assert.equal((window as unknown as { pwned?: number }).pwned, undefined);
});

test("data by address is refused at every depth, with a message and without a request", async () => {
  const url = "https://example.org/rows.csv";
  const plain = { mark: "point", encoding: { x: { field: "x", type: "quantitative" } } };
  const hostile = [
    { ...plain, data: { url } },
    { layer: [{ ...plain, data: { url } }] },
    { data: { values: [{ x: 1 }] }, hconcat: [plain, { ...plain, data: { url } }] },
    {
      ...plain,
      data: { values: [{ x: 1 }] },
      transform: [{ lookup: "x", from: { data: { url }, key: "x", fields: ["y"] } }],
    },
  ];
  const { document, requests } = await open(hostile.map((spec, n) => figure(`f${n}`, spec)).join(""));
  for (let n = 0; n < hostile.length; n += 1) {
    assert.match(one(document, `#f${n} > .chart-error`).textContent, /not loaded: https:\/\/example\.org/);
    assert.equal(document.querySelector(`#f${n} svg`), null);
  }
  assert.deepEqual(requests, []);
});

test("pictures and controls that a specification asks for are not made", async () => {
  const picture = {
    data: { values: [{ x: 1 }] },
    mark: { type: "image", url: "https://example.org/pixel.png", width: 10, height: 10 },
    encoding: { x: { field: "x", type: "quantitative" } },
  };
  const control = {
    params: [{ name: "p", value: 1, bind: { input: "range", onfocus: "window.pwned=1", autofocus: true } }],
    data: { values: [{ x: 1 }] },
    mark: "point",
    encoding: { x: { field: "x", type: "quantitative" } },
  };
  const { document, requests } = await open(figure("f", picture) + figure("g", control));
  assert.ok(document.querySelector("#g svg"));
  assert.deepEqual([...document.querySelectorAll(foreign)], []);
  const addresses = [...document.querySelectorAll("image")].map(
    (image) => image.getAttributeNS("http://www.w3.org/1999/xlink", "href") ?? image.getAttribute("href"),
  );
  assert.ok(
    addresses.every((address) => address === null || address === ""),
    addresses.join(" "),
  );
  assert.deepEqual(requests, []);
});

test("script in a formula stays text", async () => {
  const hostile = [
    attack,
    "\\href{javascript:window.pwned=1}{x}",
    "\\url{javascript:window.pwned=1}",
    "\\includegraphics{https://example.org/x.png}",
    "\\htmlClass{chart}{x}",
    "\\htmlStyle{position:fixed}{x}",
    "\\htmlData{onclick=window.pwned}{x}",
    "\\unknown<img src=x onerror=window.pwned=1>",
    "\\text{<img src=x onerror=window.pwned=1>}",
  ];
  const { window, document } = await open({ source: hostile.map((tex) => `$${tex}$\n\n$$${tex}$$\n`).join("\n") });
  assert.deepEqual([...document.querySelectorAll(foreign)], []);
  assert.equal(document.querySelector(".math .chart, .math [style*='fixed'], .math [data-onclick]"), null);
  assert.equal((window as unknown as { pwned?: number }).pwned, undefined);
});

test("a macro that expands without end stops", async () => {
  const { document } = await open({ source: "$\\def\\a{\\a\\a}\\a$ $x$ $\\rule{9999em}{9999em}$\n" });
  assert.match(one(document, ".math-error").getAttribute("title") ?? "", /Too many expansions/);
  assert.equal(document.querySelectorAll(".katex").length, 2);
  const sizes = [...document.querySelectorAll<HTMLElement>(".katex-rule")].map((rule) =>
    parseFloat(rule.style.borderTopWidth),
  );
  assert.ok(sizes.length > 0 && sizes.every((size) => size <= 50));
});
