// A deck of slides: keys lead through it, its figure is drawn on its slide, speaker notes are a window of their own.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launch, open, upgraded } from "./lib/browser.mjs";
import { faults } from "./lib/look.mjs";
import { root } from "./lib/places.mjs";
import { pageOf } from "./lib/program.mjs";

describe("slides", () => {
  let browser, made, deck;
  const here = () => deck.page.evaluate(() => location.hash);
  const press = async (key, hash) => {
    await deck.page.keyboard.press(key);
    await deck.page.waitForFunction((expected) => location.hash.replace(/^#\/?/, "") === expected, hash);
  };
  before(async () => {
    made = await pageOf(join(root, "tests/browser/fixtures/slides/deck.md"));
    browser = await launch();
    deck = await open(browser, made.url);
  });
  after(() => browser?.close());

  test("open as slides, since the note says so, without a complaint or a request", async () => {
    assert.equal(made.code, 0, made.err);
    assert.equal(await deck.page.locator(".reveal .slides section.present h1:visible").textContent(), "A deck");
    assert.deepEqual(deck.said, { errors: [], requests: [], ran: [] });
  });

  test("arrow keys lead right, through fragments, down, and back", async () => {
    const { page } = deck;
    await press("ArrowRight", "1");
    assert.equal(await page.locator(".fragment.visible").count(), 0);
    await page.keyboard.press("Space");
    await page.waitForSelector(".fragment.visible");
    await page.keyboard.press("Space");
    await page.waitForFunction(() => document.querySelectorAll(".fragment.visible").length === 2);
    await press("ArrowDown", "1/1");
    assert.equal((await page.locator("section.present .katex:visible").count()) > 0, true, "the formula below is set");
    await press("ArrowRight", "2");
    await press("Home", "");
    await press("End", "2");
  });

  test("the figure is drawn on its slide", async () => {
    const mark = deck.page.locator("section.present .chart svg .mark-line path").first();
    await mark.waitFor({ state: "visible" });
    const { width, height } = await mark.boundingBox();
    assert.ok(width > 200 && height > 20, `${width} x ${height}`);
  });

  test("an overview, and out of it", async () => {
    const { page } = deck;
    await page.keyboard.press("o");
    await page.waitForSelector(".reveal.overview");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".reveal:not(.overview)");
  });

  test("no serious fault of accessibility", async () => {
    assert.deepEqual(await faults(deck.page), []);
  });

  test("speaker notes are in a window that follows the slides", async () => {
    const { page, context } = deck;
    const opened = context.waitForEvent("page");
    await page.keyboard.press("s");
    const speaker = await opened;
    await speaker.getByText("Notes of the last slide.").waitFor();
    await page.bringToFront();
    await press("Home", "");
    await speaker.getByText("Welcome everybody.").waitFor();
    assert.equal(await speaker.getByText("Notes of the last slide.").isVisible(), false);
    assert.deepEqual(deck.said, { errors: [], requests: [], ran: [] });
    await speaker.close();
  });

  test("a slide's address opens it", async () => {
    const second = await open(browser, `${made.url}#/1/1`);
    await second.page.locator("section.present h2:visible", { hasText: "Below" }).waitFor();
    await second.close();
  });

  test("the same note as a document, and any document as slides", async () => {
    const document = await open(browser, `${made.url}?view=document`);
    assert.equal(await document.page.locator(".reveal").count(), 0);
    assert.equal(await document.page.locator("main h2:visible").count(), 3);
    await document.close();
  });

  test("on paper: a page a slide", async () => {
    const paper = await open(browser, `${made.url}?print-pdf`);
    await upgraded(paper.page);
    await paper.page.waitForSelector(".pdf-page", { state: "attached" });
    assert.equal(await paper.page.locator(".pdf-page").count(), 4);
    const pdf = await paper.page.pdf({ preferCSSPageSize: true });
    assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
    assert.deepEqual(paper.said.errors, []);
    await paper.close();
  });

  test("ends where it began", async () => {
    assert.equal(await here(), "");
    assert.deepEqual(deck.said, { errors: [], requests: [], ran: [] });
  });
});
