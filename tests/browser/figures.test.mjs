// Figures with a slider, points over lines, reference lines and bins, as readers meet and use them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { drawn, launch, open } from "./lib/browser.mjs";
import { root } from "./lib/places.mjs";
import { pageOf } from "./lib/program.mjs";

describe("fixtures/figures.md", () => {
  let browser, made;
  before(async () => {
    made = await pageOf(join(root, "tests/browser/fixtures/figures.md"), { name: "figures" });
    browser = await launch();
  });
  after(() => browser?.close());

  const look = async (options) => {
    const opened = await open(browser, made.url, options);
    await drawn(opened.page);
    return opened;
  };
  /** The ticks of both axes, and the lines as they are drawn. */
  const drawing = (page, id) =>
    page.evaluate((figure) => {
      const all = (selector) => [...document.querySelectorAll(`#${figure} .chart svg ${selector}`)];
      return {
        axes: all(".role-axis-label text").map((label) => label.textContent),
        lines: all(".mark-line.role-mark path").map((path) => path.getAttribute("d")),
        words: document.querySelector(`#${figure} .chart`).getAttribute("aria-label"),
      };
    }, id);
  /** Until the figure is described as at a value. */
  const said = (page, id, value) =>
    page.waitForFunction(
      ([figure, words]) => document.querySelector(`#${figure} .chart`).getAttribute("aria-label").startsWith(words),
      [id, `At corrupted labels ${value}: `],
    );
  const changed = (page, id, lines) =>
    page.waitForFunction(
      ([figure, before]) =>
        [...document.querySelectorAll(`#${figure} .chart svg .mark-line.role-mark path`)].some(
          (path, i) => path.getAttribute("d") !== before[i],
        ),
      [id, lines],
    );

  test("arrow keys move a slider: lines and words change, the axes stay, other figures too", async () => {
    const { page, said: complaints, close } = await look();
    const first = await drawing(page, "figures-1");
    const bars = await page.locator("#figures-5 .chart").innerHTML();
    assert.match(first.words, /^At corrupted labels 0 %: Line chart: error against epoch/);
    const input = page.getByRole("slider", { name: "corrupted labels" }).first();
    assert.equal(await input.getAttribute("aria-valuetext"), "0 %");
    await input.focus();
    await page.keyboard.press("ArrowRight");
    await said(page, "figures-1", "25 %");
    await changed(page, "figures-1", first.lines);
    await page.keyboard.press("End");
    await said(page, "figures-1", "50 %");
    assert.equal(await page.locator("#figures-1 .slider .at").textContent(), "50 %");
    assert.equal(await input.getAttribute("aria-valuetext"), "50 %");
    await page.keyboard.press("Home");
    await said(page, "figures-1", "0 %");
    await page.waitForFunction(
      ([line]) => document.querySelector("#figures-1 .mark-line.role-mark path")?.getAttribute("d") === line,
      first.lines,
    );
    assert.deepEqual((await drawing(page, "figures-1")).axes, first.axes);
    assert.equal(await page.locator("#figures-5 .chart").innerHTML(), bars);
    assert.deepEqual(complaints, { errors: [], requests: [], ran: [] });
    await close();
  });

  test("the data table has every value of a slider", async () => {
    const { page, close } = await look();
    const column = await page
      .locator("#figures-1 details.data tbody tr td:first-child")
      .evaluateAll((cells) => [...new Set(cells.map((cell) => cell.textContent))]);
    assert.deepEqual(column, ["0", "0.25", "0.5"]);
    await close();
  });

  test("what is saved is what is shown", async () => {
    const { page, close } = await look();
    await page.locator("#figures-1 .slider input").focus();
    await page.keyboard.press("End");
    await said(page, "figures-1", "50 %");
    await page.waitForTimeout(300);
    const shown = (await drawing(page, "figures-1")).lines;
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("#figures-1 .save button", { hasText: "SVG" }).click(),
    ]);
    const stream = await download.createReadStream();
    let svg = "";
    for await (const part of stream) {
      svg += part;
    }
    assert.match(svg, /<title[^>]*>At corrupted labels 50 %: /);
    assert.ok(shown.every((line) => svg.includes(line)));
    await close();
  });

  test("on paper the chosen value is named, and there is no slider", async () => {
    const { page, close } = await look({ viewport: { width: 794, height: 1123 } });
    await page.locator("#figures-1 .slider input").focus();
    await page.keyboard.press("ArrowRight");
    await said(page, "figures-1", "25 %");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator("#figures-1 .slider input").isVisible(), false);
    assert.equal(await page.locator("#figures-1 .slider").innerText(), "corrupted labels\n25 %");
    await close();
  });

  test("on a slide a presenter's keys turn the slide, wherever the focus is", async () => {
    const {
      page,
      said: complaints,
      close,
    } = await open(browser, `${made.url}?view=slides`, {
      viewport: { width: 1280, height: 720 },
    });
    await page.waitForSelector(".reveal section.present");
    const input = page.locator(".slider input").first();
    await page.waitForTimeout(500);
    if (!(await input.isVisible())) {
      await page.keyboard.press("n");
    }
    await input.focus();
    await page.keyboard.press("ArrowRight");
    await said(page, "figures-1", "25 %");
    assert.equal(await input.evaluate((element) => document.activeElement === element), true);
    await page.keyboard.press("PageUp");
    assert.equal(await input.inputValue(), "1");
    assert.equal(await input.evaluate((element) => document.activeElement === element), false);
    assert.deepEqual(complaints.errors, []);
    await close();
  });

  test("lines across a figure and their words are inside it; bins are bars", async () => {
    const { page, close } = await look();
    for (const [id, words] of [
      ["figures-1", ["chance"]],
      ["figures-3", ["a quarter", "chance"]],
      ["figures-4", ["as hoped"]],
      ["figures-6", ["chance"]],
    ]) {
      const box = await page.locator(`#${id} .chart svg`).boundingBox();
      for (const word of words) {
        const label = await page
          .locator(`#${id} .chart svg .mark-text.role-mark text`, { hasText: word })
          .boundingBox();
        assert.ok(label.x >= box.x && label.x + label.width <= box.x + box.width, `${id}: ${word}`);
        assert.ok(label.y >= box.y && label.y + label.height <= box.y + box.height, `${id}: ${word}`);
      }
      assert.equal(await page.locator(`#${id} .chart svg .mark-rule.role-mark line`).count(), words.length, id);
    }
    assert.ok((await page.locator("#figures-4 .chart svg .mark-rect.role-mark path").count()) >= 5);
    assert.ok((await page.locator("#figures-6 .chart svg .mark-rect.role-mark path").count()) > 100, "ticks");
    assert.equal(await page.locator("#figures-7 .chart svg .mark-area.role-mark path").count(), 3, "ridges");
    assert.equal(await page.locator("#figures-2 .chart svg .mark-symbol.role-mark path").count(), 30);
    await close();
  });
});
