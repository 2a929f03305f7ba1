import assert from "node:assert/strict";
import { test } from "node:test";
import { sample, slides } from "../fixtures/sample";
import { one, open, type Opened } from "../open";

function press({ window, document }: Opened, key: string, keyCode: number): void {
  document.body.dispatchEvent(
    new window.KeyboardEvent("keydown", { key, keyCode, bubbles: true } as KeyboardEventInit),
  );
}

const heading = ({ document }: Opened): string => one(document, "section.present:not(.stack) :is(h1, h2)").textContent;

test("slides open on the first, and keys turn them", async () => {
  const opened = await open(slides());
  await opened.until(() => opened.document.querySelector(".reveal.ready") !== null);
  assert.equal(heading(opened), "Why do deep networks generalise?");
  press(opened, "n", 78);
  assert.equal(heading(opened), "A network fits anything");
  assert.deepEqual(opened.complaints, []);
  assert.deepEqual(opened.requests, []);
});

test("only slides are sections", async () => {
  const { document } = await open(slides());
  const sections = [...document.querySelectorAll(".slides section")];
  assert.ok(sections.every((section) => section.closest(".study, .footnotes, .study-place") === null));
  assert.equal(one(document, "#study-random-labels").tagName, "DIV");
  assert.equal(one(document, ".footnotes").tagName, "DIV");
  assert.equal(document.querySelectorAll(".slides > section").length, 6);
  assert.equal(document.querySelectorAll(".slides > section > section").length, 2);
});

test("the address chooses the view", async () => {
  assert.ok((await open(sample(), { at: "?view=slides" })).document.querySelector(".reveal"));
  const { document } = await open(slides(), { at: "?view=document" });
  assert.equal(document.querySelector(".reveal"), null);
  assert.ok(document.querySelector(".body h2"));
});

test("options of the address do not reach the slides", async () => {
  const { document } = await open(slides(), { at: "?view=slides&transition=zoom&rtl=true" });
  const reveal = one(document, ".reveal");
  assert.ok(reveal.classList.contains("slide"));
  assert.ok(!reveal.classList.contains("zoom") && !reveal.classList.contains("rtl"));
});

test("the note's options that are allowed reach the slides", async () => {
  const source =
    "---\nslideOptions: {transition: fade, rtl: true, theme: night, plugins: [x], dependencies: [{src: x.js}]}\n---\n\n# A\n";
  const { document, requests } = await open({ source, view: "slides" });
  const reveal = one(document, ".reveal");
  assert.ok(reveal.classList.contains("fade") && reveal.classList.contains("rtl"));
  assert.equal(document.documentElement.dataset["theme"], "dark");
  assert.deepEqual(requests, []);
});

test("a note without a slide is an empty slide", async () => {
  const { document, complaints } = await open({ source: "", view: "slides" });
  assert.equal(document.querySelectorAll(".slides > section").length, 1);
  assert.deepEqual(complaints, []);
});

test("formulas, values and figures are on the slides", async () => {
  const opened = await open(slides());
  const { document } = opened;
  assert.equal(document.querySelectorAll(".slides .chart svg").length, 4);
  assert.equal(one(document, ".value-number").textContent, "90.4 %");
  assert.ok(document.querySelector(".slides .katex"));
});

test("the speaker's window shows the notes, the next slide, and turns slides", async () => {
  const opened = await open(slides());
  const { window, document, until } = opened;
  await until(() => document.querySelector(".reveal.ready") !== null);
  const page = document.implementation.createHTMLDocument();
  const popup = { document: page, closed: false, focus: () => undefined, close: () => undefined };
  Object.assign(window, { open: () => popup });
  press(opened, "s", 83);
  assert.match(one(page, "main").textContent, /Greet\. Say what ERM stands for/);
  assert.ok(page.querySelector("main .katex"));
  assert.match(one(page, ".speaker-next-slide").textContent, /A network fits anything/);
  assert.match(one(page, ".speaker-elapsed").textContent, /^00:0\d of 20:00$/);
  page.dispatchEvent(new window.KeyboardEvent("keydown", { key: "PageDown" }));
  assert.equal(heading(opened), "A network fits anything");
  assert.match(one(page, "main").textContent, /Wait for the question/);
  assert.match(one(page, ".speaker-place").textContent, /Slide 2 of 7/);
});
