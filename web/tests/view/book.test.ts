import assert from "node:assert/strict";
import { test } from "node:test";
import { readBook, safeAddress } from "../../src/view/book_data";
import { chapter } from "../fixtures/sample";
import { one, open, type Opened } from "../open";

function type({ window, document }: Opened, query: string): void {
  const input = one(document, 'input[type="search"]') as HTMLInputElement;
  input.value = query;
  input.dispatchEvent(new window.Event("input", { bubbles: true }));
}

test("the contents show the parts, with this chapter marked and its headings below it", async () => {
  const { document, complaints } = await open(chapter());
  const nav = one(document, "nav.sidebar");
  assert.deepEqual(
    [...nav.querySelectorAll("h2")].map((part) => part.textContent),
    ["Part one: the puzzle", "Part two: answers"],
  );
  const here = one(nav, '[aria-current="page"]');
  assert.equal(here.textContent, "10:00 Networks that fit noise");
  assert.match(here.nextElementSibling?.textContent ?? "", /What the figures say/);
  assert.match(nav.textContent, /Exercises \(hand in by Monday\)/);
  assert.equal((one(nav, 'a[href="https://example.org"]') as HTMLAnchorElement).target, "_blank");
  assert.deepEqual(complaints, []);
});

test("the chapters before and after are one step away", async () => {
  const { document } = await open(chapter());
  assert.equal(one(document, 'main a[rel="prev"]').getAttribute("href"), "index.html");
  assert.equal(one(document, 'main a[rel="next"]').getAttribute("href"), "kernels.html");
  assert.match(one(document, 'main a[rel="next"]').textContent, /Kernels of wide networks/);
});

test("searching replaces the contents by what is found, and Escape brings them back", async () => {
  const opened = await open(chapter());
  const { window, document } = opened;
  type(opened, "NAIVE");
  assert.deepEqual(
    [...document.querySelectorAll(".results a")].map((link) => link.getAttribute("href")),
    ["kernels.html"],
  );
  assert.equal(one(document, ".results mark").textContent, "Naïve");
  assert.equal(one(document, ".count").textContent, "1 chapter");
  assert.ok(one(document, ".book-contents").hasAttribute("hidden"));
  type(opened, "nowhere to be found");
  assert.equal(one(document, ".count").textContent, "Nothing found");
  one(document, "#search").dispatchEvent(new window.KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  assert.ok(!one(document, ".book-contents").hasAttribute("hidden"));
  assert.equal(document.querySelectorAll(".results li").length, 0);
});

test("the slash key goes to the search box, unless something is being typed", async () => {
  const { window, document } = await open(chapter());
  const slash = (): KeyboardEvent => new window.KeyboardEvent("keydown", { key: "/", bubbles: true, cancelable: true });
  document.body.dispatchEvent(slash());
  assert.equal(document.activeElement?.id, "search");
  const typed = slash();
  one(document, "#search").dispatchEvent(typed);
  assert.ok(!typed.defaultPrevented);
});

test("links to a chapter's note lead to its page", async () => {
  const { document } = await open({ ...chapter(), source: "[k](kernels.md#ntk) [n](other.md)\n" });
  assert.deepEqual(
    [...document.querySelectorAll(".body a")].map((link) => link.getAttribute("href")),
    ["kernels.html#ntk", "other.md"],
  );
});

test("addresses that would run something are no links", () => {
  for (const address of [
    "javascript:alert(1)",
    " java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "",
    7,
    null,
  ]) {
    assert.equal(safeAddress(address), undefined, String(address));
  }
  for (const address of ["a.html", "../a/b.html#c", "https://example.org", "mailto:a@example.org", "a.html?x=1:2"]) {
    assert.equal(safeAddress(address), address);
  }
});

test("a book that is not written as one is no book", () => {
  assert.equal(readBook(null), undefined);
  assert.equal(readBook("book"), undefined);
  assert.deepEqual(readBook({ parts: [{ items: [{ text: 3, items: "x" }] }, 5], search: {}, next: {} }), {
    title: "",
    parts: [{ title: "", items: [{ text: "", open: "pane", items: [] }] }],
    here: "",
    search: [],
    links: new Map(),
  });
});
