// A study in error does not spoil the page: the message stands in its place with file and line, the rest is there.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { drawn, launch, open } from "./lib/browser.mjs";
import { faults, marksOf } from "./lib/look.mjs";
import { root } from "./lib/places.mjs";
import { pageOf } from "./lib/program.mjs";

describe("a study in error", () => {
  let browser, made, opened;
  before(async () => {
    made = await pageOf(join(root, "tests/browser/fixtures/broken/broken.md"));
    browser = await launch();
    opened = await open(browser, made.url);
    await drawn(opened.page);
  });
  after(() => browser?.close());

  test("is said by the exit code and with its line", () => {
    assert.equal(made.code, 3);
    assert.match(made.err, /broken\.md:8:\d+: /);
  });

  test("stands in its place, between the words around it", async () => {
    const { page } = opened;
    const message = page.locator("main .study-error");
    assert.equal(await message.count(), 1);
    assert.match(await message.textContent(), /broken\.md:8:\d+: .*tnah/);
    const order = await page.evaluate(() => {
      const text = document.querySelector("main").textContent;
      return ["Before it.", "tnah", "Between, with", "After it."].map((words) => text.indexOf(words));
    });
    assert.ok(
      order.every((at, i) => at >= 0 && (i === 0 || at > order[i - 1])),
      String(order),
    );
  });

  test("leaves the other study's figure and the formulas alone", async () => {
    const { page, said } = opened;
    const figures = await marksOf(page);
    assert.equal(figures.length, 1);
    assert.ok(figures[0].marks > 0);
    assert.equal(await page.locator(".katex-error").count(), 0);
    assert.ok((await page.locator(".katex").count()) > 0);
    assert.deepEqual(await faults(page), []);
    assert.deepEqual(said, { errors: [], requests: [], ran: [] });
  });
});
