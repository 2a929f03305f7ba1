import assert from "node:assert/strict";
import { test } from "node:test";
import { fence, figure, specs, study } from "../fixtures/note";
import { sample } from "../fixtures/sample";
import { one, open } from "../open";

const texts = (root: ParentNode, selector: string): string[] =>
  [...root.querySelectorAll(selector)].map((element) => element.textContent);

test("the outline lists the headings below the title, nested as their levels are", async () => {
  const { document } = await open({ source: "# T\n\n## A\n\n### A1\n\n#### deep\n\n## B\n\n## C\n" });
  const outline = one(document, "nav.sidebar");
  assert.deepEqual(texts(outline, ":scope > ul > li > a"), ["A", "B", "C"]);
  assert.deepEqual(texts(outline, ":scope > ul > li > ul > li > a"), ["A1"]);
  assert.equal(one(outline, "ul ul a").getAttribute("href"), "#a1");
});

test("a note with few headings has no outline and no button for it", async () => {
  const { document } = await open({ source: "# T\n\n## A\n" });
  assert.ok(one(document, "nav.sidebar").classList.contains("empty"));
  assert.ok(one(document, 'button[aria-controls="sidebar"]').hasAttribute("hidden"));
});

test("the button of the outline says whether it is open", async () => {
  const { window, document } = await open(sample());
  const button = one(document, 'button[aria-controls="sidebar"]') as HTMLButtonElement;
  assert.equal(button.getAttribute("aria-expanded"), "true");
  button.click();
  assert.equal(button.getAttribute("aria-expanded"), "false");
  assert.ok(!one(document, "nav.sidebar").classList.contains("open"));
  assert.equal(window.document.activeElement, document.body);
});

test("headings link to themselves, and their text is the author's", async () => {
  const { document } = await open({ source: "## Why? (Really)\n" });
  const link = one(document, "h2 > a.permalink");
  assert.equal(link.getAttribute("href"), "#why-really");
  assert.match(link.getAttribute("aria-label") ?? "", /Why\? \(Really\)/);
});

test("a fragment is found exactly, in lower case, and with the prefix of raw HTML", async () => {
  const source = "## classical view\n\n<b id='Mark'>m</b>\n\n:::spoiler s\n## folded\n:::\n";
  for (const [fragment, id] of [
    ["classical-view", "classical-view"],
    ["Classical-View", "classical-view"],
    ["Mark", "u-Mark"],
    ["folded", "folded"],
  ]) {
    const { document } = await open({ source }, { at: `#${fragment}` });
    assert.equal(one(document, "[data-scrolled-to]").id, id);
  }
  const { document } = await open({ source }, { at: "#folded" });
  assert.ok((one(document, "details") as HTMLDetailsElement).open);
});

test("links to other hosts open beside the page and tell it nothing", async () => {
  const { document } = await open({ source: "[a](https://example.org/x) [b](#c) [d](other.html)\n" });
  const [away, here, beside] = [...document.querySelectorAll<HTMLAnchorElement>(".body a")];
  assert.equal(away?.rel, "noopener noreferrer nofollow");
  assert.equal(away.target, "_blank");
  assert.equal(here?.target, "");
  assert.equal(beside?.target, "");
});

test("links to other hosts are known by what is written, also in a file", async () => {
  const away = ["//example.org/x", "https://example.org", "HTTP://example.org"];
  const here = ["#a", "other.html", "/a/b", "?view=slides", "mailto:a@example.org"];
  const out = "_blank noopener noreferrer nofollow";
  const source =
    [...away, ...here].map((address) => `[a](<${address}>)`).join(" ") + ' <a href="/\\example.org/x">raw</a>';
  for (const asFile of [true, false]) {
    const { document } = await open({ source }, { asFile });
    const links = [...document.querySelectorAll<HTMLAnchorElement>(".body a")];
    assert.deepEqual(
      links.map(({ target, rel }) => `${target} ${rel}`),
      [...away.map(() => out), ...here.map(() => " "), out],
    );
  }
});

test("tables scroll in boxes of their own", async () => {
  const { document } = await open({ source: "| a | b |\n|--|--|\n| 1 | 2 |\n" });
  assert.ok(document.querySelector(".scroll > table"));
});

test("a head that is not understood is said above the note", async () => {
  const { document } = await open({ source: "---\ntitle: Lecture 3: nets\n---\n\ntext\n" });
  assert.match(one(document, ".notice").textContent, /Metadata not understood: line 2/);
});

test("studies stand where their fences are", async () => {
  const source = "one\n\n```ermine\nstudy: a\n```\n\ntwo\n";
  const { document } = await open({ source, studies: study("a", 3, figure("a-1", specs.bars)) });
  const order = [...one(document, ".body").children].map(({ tagName }) => tagName);
  assert.deepEqual(order, ["P", "DIV", "P"]);
  assert.ok(document.querySelector(".body > .study-place > #study-a svg"));
  assert.equal(document.querySelector(".studies > .study"), null);
});

test("a study that nobody ran and a section without a place are said, not hidden", async () => {
  const source = "one\n\n```ermine\nstudy: a\n```\n";
  const { document } = await open({ source, studies: study("b", 40, "<p>b</p>") });
  const place = one(document, ".study-place");
  assert.match(place.textContent, /note\.md:3: this study was not run/);
  assert.match(place.textContent, /study: a/);
  assert.match(one(document, ".unplaced").textContent, /not found in the text \(line 40\)/);
  assert.ok(document.querySelector(".unplaced #study-b"));
});

test("for paper, a study says in one line where its numbers come from", async () => {
  const list = (rows: string): string =>
    `<details class="provenance"><summary>How</summary><dl><dt>study</dt><dd>s</dd>${rows}</dl></details>`;
  const section = (rows: string): string =>
    `<section class="study" id="study-s" data-line="1" data-status="computed">${list(rows)}</section>`;
  const line = async (rows: string): Promise<string> =>
    one((await open({ source: fence("s"), studies: section(rows) })).document, ".study > .on-paper").textContent;
  const computed = "<dt>when</dt><dd>2026-11-02 to 2026-11-03</dd><dt>version</dt><dd>Ermine 0.1.0</dd>";
  assert.equal(
    await line(`<dt>runs</dt><dd>15</dd><dt>seeds</dt><dd>1 to 3</dd>${computed}`),
    "s: 15 runs, seeds 1 to 3, computed 2026-11-02 to 2026-11-03, by Ermine 0.1.0",
  );
  assert.equal(await line("<dt>runs</dt><dd>1</dd><dt>seed</dt><dd>7</dd>"), "s: 1 run, seed 7");
});

test("quoted values are filled in, and what has none says so", async () => {
  const values = { "a: max x": { text: "90.4 %", detail: "mean of 3 seeds" }, "a: y": { error: "note.md:1:9: no y" } };
  const { document } = await open({ source: "{{a:  max x}} {{ a: y }} {{a: z}} `{{a: max x}}`\n", values });
  const [filled, failed, unknown] = [...document.querySelectorAll<HTMLElement>(".value")];
  assert.equal(filled?.firstChild?.textContent, "90.4 %");
  assert.ok(failed);
  assert.ok(failed.classList.contains("value-error"));
  assert.match(failed.textContent, /^\{\{\s*a: y\s*\}\} \(note\.md:1:9: no y\)$/);
  assert.equal(unknown?.textContent, "{{a: z}} (not computed)");
  assert.equal(document.querySelectorAll(".value").length, 3);
});

test("where a quoted value comes from opens by click and by key", async () => {
  const values = { "a: x": { text: "3", detail: "mean of 3 <b>seeds</b>" }, "a: n": { text: "5" } };
  const { document, window } = await open({ source: "{{a: x}} {{a: n}} [{{a: x}}](#top)\n", values });
  const [opening, plain, linked] = [...document.querySelectorAll<HTMLElement>(".value")];
  assert.equal(plain?.textContent, "5");
  assert.equal(plain.children.length, 0);
  assert.equal(linked?.querySelector('[role="button"]'), null, "in a link there is no button");
  const number = one(opening ?? document, '[role="button"]') as HTMLElement;
  const detail = one(opening ?? document, ".value-detail") as HTMLElement;
  assert.equal(number.tabIndex, 0);
  assert.equal(detail.textContent, " (mean of 3 <b>seeds</b>)");
  const state = (): unknown[] => [detail.hidden, number.getAttribute("aria-expanded")];
  const press = (key: string): boolean =>
    number.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  assert.deepEqual(state(), [true, "false"]);
  number.click();
  assert.deepEqual(state(), [false, "true"]);
  assert.ok(!press(" "), "the page does not scroll");
  assert.deepEqual(state(), [true, "false"]);
  press("Enter");
  assert.ok(press("x"));
  assert.deepEqual(state(), [false, "true"]);
});

test("the switch goes from the system's setting to light, to dark, and back, without a place to remember it", async () => {
  const { document, complaints, setDark } = await open({ source: "text\n" }, { dark: true, asFile: true });
  const root = document.documentElement;
  const button = one(document, '[aria-label^="Colours"]') as HTMLButtonElement;
  const seen = [root.dataset["theme"]];
  for (let n = 0; n < 3; n += 1) {
    button.click();
    seen.push(`${root.dataset["theme"] ?? ""} ${button.getAttribute("aria-label") ?? ""}`);
  }
  assert.deepEqual(seen, ["dark", "light Colours: Light", "dark Colours: Dark", "dark Colours: System"]);
  setDark(false);
  assert.equal(root.dataset["theme"], "light");
  assert.deepEqual(complaints, []);
});

test("the source is shown to the last character, and the box goes away again", async () => {
  const source = "# <b>T</b> &amp;\n\n\n  text\n";
  const { document } = await open({ source });
  (one(document, '[title="Source"]') as HTMLButtonElement).click();
  assert.equal(one(document, "dialog code").textContent, source);
  (one(document, 'dialog [title="Close"]') as HTMLButtonElement).click();
  assert.equal(document.querySelector("dialog"), null);
});

test("landmarks: one main, a way past the bar, named navigation", async () => {
  const { document } = await open(sample());
  assert.equal(document.querySelectorAll("main").length, 1);
  const skip = one(document, "body > a:first-child");
  assert.equal(document.getElementById(skip.getAttribute("href")?.slice(1) ?? "")?.tagName, "MAIN");
  assert.ok(
    [...document.querySelectorAll("nav")].every((nav) => nav.hasAttribute("aria-label") || nav.className === "toc"),
  );
  assert.ok([...document.querySelectorAll("button")].every((button) => button.textContent !== ""));
});

test("language and direction of the note are those of its head", async () => {
  const { document } = await open({ source: "---\nlang: ar\ndir: rtl\n---\n\ntext\n" });
  assert.equal(one(document, "main").getAttribute("lang"), "ar");
  assert.equal(one(document, "main").getAttribute("dir"), "rtl");
});

test("a specification in the note is drawn; what nothing draws keeps its source and says so", async () => {
  const vega = JSON.stringify(specs.bars);
  const { document } = await open({
    source: `\`\`\`vega\n${vega}\n\`\`\`\n\n\`\`\`mermaid\ngraph TD; A-->B\n\`\`\`\n`,
  });
  assert.equal(document.querySelectorAll(".embed-figure svg").length > 0, true);
  assert.match(one(document, ".embed-box").textContent, /Mermaid diagram; this page shows its source\..*graph TD/s);
});

test("boxes of task lists say what they mean", async () => {
  const { document } = await open({ source: "- [x] a\n- [ ] b\n" });
  const labels = [...document.querySelectorAll("main input")].map((box) => box.getAttribute("aria-label"));
  assert.deepEqual(labels, ["Done", "To do"]);
});
