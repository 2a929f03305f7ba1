// A book: a note of links becomes one folder of pages with contents, previous and next, and a search over all of them.
import assert from "node:assert/strict";
import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { launch, open, upgraded } from "./lib/browser.mjs";
import { faults } from "./lib/look.mjs";
import { root, work } from "./lib/places.mjs";
import { ermine } from "./lib/program.mjs";

describe("a book", () => {
  let browser, ran, book;
  before(async () => {
    const folder = join(work, "book");
    await rm(folder, { recursive: true, force: true });
    await mkdir(work, { recursive: true });
    await cp(join(root, "tests/browser/fixtures/book"), folder, { recursive: true });
    ran = await ermine(["run", "book.md", "--quiet"], { cwd: folder });
    browser = await launch();
    const last = ran.out.trim().split("\n").at(-1) ?? "";
    book = await open(browser, pathToFileURL(join(folder, last)).href);
  });
  after(() => browser?.close());

  test("opens with its contents, without a complaint or a request", async () => {
    assert.equal(ran.code, 0, ran.err);
    for (const chapter of ["First chapter", "Second chapter"]) {
      assert.ok((await book.page.getByRole("link", { name: chapter }).count()) > 0, chapter);
    }
    assert.deepEqual(book.said, { errors: [], requests: [], ran: [] });
  });

  test("contents lead to a chapter, next and previous from one to the other", async () => {
    const { page } = book;
    const heading = (text) => page.locator("main h1", { hasText: text }).waitFor();
    await page.locator("nav").getByRole("link", { name: "First chapter" }).first().click();
    await upgraded(page);
    await heading("First chapter");
    assert.equal((await page.locator("nav [aria-current]").count()) > 0, true, "the contents say where one is");
    await page.locator("a[rel=next]:visible").first().click();
    await upgraded(page);
    await heading("Second chapter");
    await page.locator("figure.figure .chart svg .mark-line path").first().waitFor({ state: "attached" });
    await page.locator("a[rel=prev]:visible").first().click();
    await upgraded(page);
    await heading("First chapter");
    await page.locator("main").getByRole("link", { name: "over there" }).click();
    await upgraded(page);
    await heading("Second chapter");
    assert.deepEqual(book.said, { errors: [], requests: [], ran: [] });
  });

  test("the search finds a word of another chapter", async () => {
    const { page } = book;
    await page.locator("nav").getByRole("link", { name: "First chapter" }).first().click();
    await upgraded(page);
    await page.getByRole("searchbox").fill("okapi");
    const hits = page.locator(".search li");
    await hits.filter({ hasText: "okapi" }).waitFor();
    assert.equal(await hits.count(), 1, "and of no other");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await upgraded(page);
    await page.locator("main h1", { hasText: "Second chapter" }).waitFor();
    assert.deepEqual(book.said, { errors: [], requests: [], ran: [] });
  });

  test("no serious fault of accessibility", async () => {
    assert.deepEqual(await faults(book.page), []);
  });
});
