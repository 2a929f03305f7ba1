// What a study claims: verdicts in words, with what was measured; one that cannot be judged says so, and passes nowhere.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { drawn, launch, open } from "./lib/browser.mjs";
import { faults } from "./lib/look.mjs";
import { root } from "./lib/places.mjs";
import { pageOf } from "./lib/program.mjs";

describe("claims", () => {
  let browser, made, opened;
  before(async () => {
    made = await pageOf(join(root, "tests/browser/fixtures/claims/claims.md"));
    browser = await launch();
    opened = await open(browser, made.url);
    await drawn(opened.page);
  });
  after(() => browser?.close());

  const items = () => opened.page.locator("main .study > ul.claims > li");

  test("a claim that cannot be judged is an error with its line", () => {
    assert.equal(made.code, 3);
    assert.match(made.err, /claims\.md:17:\d+: "data\.train" is never = 30/);
  });

  test("PASS and FAIL are words, each with its claim", async () => {
    const verdicts = await items().locator(".verdict").allTextContents();
    assert.deepEqual(verdicts, ["PASS", "FAIL", "NOT JUDGED"]);
    assert.deepEqual(await items().evaluateAll((list) => list.map((item) => item.dataset.verdict)), [
      "pass",
      "fail",
      "none",
    ]);
    assert.match(await items().nth(0).locator("p").textContent(), /take fewer steps < all$/);
  });

  test("with the numbers that decide, and the rule", async () => {
    const terms = await items().nth(0).locator("dd").allTextContents();
    assert.match(terms[0], /^30\ssteps \[30, 30\] against 60\ssteps \[60, 60\]; 3 seeds$/);
    assert.equal(terms[1], "steps where train = 20 is below steps where train = 100");
    assert.deepEqual(terms.slice(2), ["half as many", "this test"]);
    assert.equal(await items().nth(2).locator(".study-error").count(), 1);
    assert.deepEqual(await items().nth(2).locator("dt").allTextContents(), ["rule"]);
  });

  test("on paper too, and for readers who do not see", async () => {
    const { page } = opened;
    assert.deepEqual(await faults(page), []);
    await page.emulateMedia({ media: "print" });
    assert.equal(await items().nth(1).locator(".verdict").isVisible(), true);
    await page.emulateMedia({ media: "screen" });
  });

  test("and on slides", async () => {
    const { page, said, close } = await open(browser, `${made.url}?view=slides`);
    const verdict = page.locator(".reveal section.present .claims .verdict").first();
    await verdict.waitFor({ state: "visible" });
    assert.equal(await verdict.textContent(), "PASS");
    assert.deepEqual(said, { errors: [], requests: [], ran: [] });
    await close();
  });
});
