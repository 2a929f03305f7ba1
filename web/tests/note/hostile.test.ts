// Texts that would use up stack, memory or patience. A hang is ended by the time limit of the test command.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LONGEST_PARAGRAPH, MOST_UNITS } from "../../src/note/limits";
import { render } from "../../src/note/render";
import { openWindow } from "./dom";

const DEEP = 10_000;

const NESTED: Readonly<Record<string, string>> = {
  quotes: `${">".repeat(DEEP)} a`,
  "quotes on lines": Array.from({ length: 2000 }, (_, n) => `${">".repeat(n)} a`).join("\n"),
  "list items": `${"- ".repeat(DEEP)}a`,
  "numbered items": `${"1. ".repeat(DEEP)}a`,
  brackets: `${"[".repeat(DEEP)}a${"](b)".repeat(DEEP)}`,
  images: `${"![".repeat(DEEP)}a${"](b)".repeat(DEEP)}`,
  "sized images": `${"![".repeat(DEEP)}a${"](b =1x1)".repeat(DEEP)}`,
  "inline footnotes": `${"^[".repeat(DEEP)}a${"]".repeat(DEEP)}`,
  emphasis: `${"*a ".repeat(DEEP)}${"a* ".repeat(DEEP)}`,
  "strong and emphasis": `${"***a ".repeat(DEEP)}${"a*** ".repeat(DEEP)}`,
  marks: `${"==a ".repeat(DEEP)}${"a== ".repeat(DEEP)}`,
  areas: `${":::info\n".repeat(DEEP)}a`,
  "footnotes in footnotes": Array.from({ length: DEEP }, (_, n) => `[^${n}]: [^${n + 1}]`).join("\n") + "\n\n[^0]",
  "definitions in definitions": `${"[^a]: ".repeat(DEEP)}a [^a]`,
  "raw elements in a line": `a ${"<b>".repeat(DEEP)}`,
  "raw blocks": "<div>".repeat(DEEP),
  "raw blocks of all kinds": "<div><blockquote><details>\n\n".repeat(DEEP / 4),
  "raw tables": "<table><tr><td>".repeat(DEEP / 4),
  "unclosed svg": "<svg>".repeat(DEEP),
  braces: `${"{".repeat(DEEP)}a${"}".repeat(DEEP)}`,
  environments: `${"\\begin{matrix}\n".repeat(DEEP)}a${"\\end{matrix}\n".repeat(DEEP)}`,
};

for (const [name, text] of Object.entries(NESTED)) {
  for (const view of ["document", "slides"] as const) {
    test(`nesting 10,000 deep: ${name} (${view})`, () => {
      openWindow();
      render(text, { view });
    });
  }
}

test("ten megabytes of dollar signs are shown as they are, with a notice", () => {
  openWindow();
  const text = "$".repeat(10_000_000);
  const { body, meta } = render(text);
  assert.equal(body.querySelector("pre")?.textContent, text);
  assert.match(body.querySelector(".alert-warning")?.textContent ?? "", /10000000 characters, and at most 1048576/);
  assert.equal(meta.title, "Untitled");
});

test("a note just short enough is rendered", () => {
  openWindow();
  const lines = "$x$ *a* `b`\n\n";
  const text = `---\ntitle: T\n---\n${lines.repeat(Math.floor(MOST_UNITS / 8 / lines.length))}`;
  assert.equal(render(text).body.querySelectorAll(".math").length, text.split("$x$").length - 1);
  assert.equal(render("$x$\n\n".repeat(MOST_UNITS / 5 + 1)).body.querySelector(".math"), null);
});

test("a monstrous paragraph is shown as it is, and the rest of the note is rendered", () => {
  openWindow();
  const long = "*a* $x$ 'b' a@b.example ".repeat(LONGEST_PARAGRAPH / 24 + 1).trim();
  const { body } = render(`# T\n\n${long}\n\n*b*`);
  assert.equal(body.querySelectorAll("em").length, 1);
  assert.equal(body.querySelectorAll("p")[0]?.textContent, long);
});
