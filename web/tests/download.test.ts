import assert from "node:assert/strict";
import { test } from "node:test";
import { dark, light } from "../src/figure/palette";
import { figure, specs } from "./fixtures/note";
import { one, open, type Opened } from "./open";

interface Saved {
  readonly name: string;
  readonly address: string;
}

/** Clicks a button of the figure `f`; gives what the browser was handed. */
function click({ window, document }: Opened, kind: string): Saved[] {
  const saved: Saved[] = [];
  window.HTMLAnchorElement.prototype.click = function () {
    saved.push({ name: this.download, address: this.href });
  };
  const button = [...document.querySelectorAll<HTMLButtonElement>("#f .save button")].find(
    ({ textContent }) => textContent === kind,
  );
  button?.click();
  return saved;
}

function drawing(page: Opened, { address }: Saved): Element {
  const text = decodeURIComponent(address.replace("data:image/svg+xml;charset=utf-8,", ""));
  return new page.window.DOMParser().parseFromString(text, "image/svg+xml").documentElement;
}

test("a figure is saved as an SVG file that stands by itself", async () => {
  const page = await open(figure("f", specs.errors, 'What <rises> & "falls"'));
  const [saved, ...more] = click(page, "SVG");
  assert.ok(saved);
  assert.deepEqual(more, []);
  assert.equal(saved.name, "f.svg");
  const svg = drawing(page, saved);
  assert.equal(svg.namespaceURI, "http://www.w3.org/2000/svg");
  assert.equal(one(svg, "title").textContent, 'What <rises> & "falls"');
  assert.equal(svg.children[1]?.getAttribute("fill"), light.paper);
  assert.equal(svg.getAttribute("width"), one(page.document, "#f .chart svg").getAttribute("width"));
  const texts = [...svg.querySelectorAll("text")];
  assert.ok(texts.length > 5);
  assert.ok(texts.every((text) => (text.getAttribute("font-family") ?? "").includes("sans-serif")));
  assert.equal(page.document.querySelector("#f .chart svg title"), null);
  assert.deepEqual(page.requests, []);
});

test("what is saved from a dark page has dark paper", async () => {
  const page = await open(figure("f", specs.errors), { dark: true });
  const [saved] = click(page, "SVG");
  assert.ok(saved);
  assert.equal(drawing(page, saved).children[1]?.getAttribute("fill"), dark.paper);
});

test("the buttons have names, are there once, and stand before the data", async () => {
  const page = await open(figure("f", specs.errors));
  const { document, setDark, until } = page;
  setDark(true);
  await until(() => document.querySelector(`#f .chart svg [stroke="${dark.categories[0] ?? ""}"]`) !== null);
  const buttons = [...document.querySelectorAll("#f .save button")];
  assert.deepEqual(
    buttons.map((button) => button.getAttribute("aria-label")),
    ["SVG of figure f", "PNG of figure f"],
  );
  assert.equal(one(document, "#f .save").nextElementSibling, one(document, "#f details.data"));
});

test("a PNG that the browser cannot make is said to be so", async () => {
  const page = await open(figure("f", specs.errors));
  page.window.HTMLImageElement.prototype.decode = () => Promise.reject(new Error("no pictures here"));
  assert.deepEqual(click(page, "PNG"), []);
  const status = one(page.document, "#f .save [role=status]");
  await page.until(() => /^Not saved: .*no pictures here$/.test(status.textContent));
});

test("a figure that cannot be drawn has nothing to save", async () => {
  const { document } = await open(figure("f", { mark: "sunburst" }));
  assert.equal(document.querySelector(".save"), null);
});
