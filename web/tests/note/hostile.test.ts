// Texts that would use up stack, memory or patience. A hang is ended by the time limit of the test command.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LONGEST_PARAGRAPH, MOST_UNITS } from "../../src/note/limits";
import { toHtml } from "../../src/note/html";
import { render } from "../../src/note/render";
import { openWindow } from "./dom";

const NESTED: Readonly<Record<string, (n: number) => string>> = {
  quotes: (n) => `${">".repeat(n)} a`,
  "quotes on lines": (n) => Array.from({ length: n / 5 }, (_, k) => `${">".repeat(k)} a`).join("\n"),
  "list items": (n) => `${"- ".repeat(n)}a`,
  "numbered items": (n) => `${"1. ".repeat(n)}a`,
  brackets: (n) => `${"[".repeat(n)}a${"](b)".repeat(n)}`,
  images: (n) => `${"![".repeat(n)}a${"](b)".repeat(n)}`,
  "sized images": (n) => `${"![".repeat(n)}a${"](b =1x1)".repeat(n)}`,
  "inline footnotes": (n) => `${"^[".repeat(n)}a${"]".repeat(n)}`,
  emphasis: (n) => `${"*a ".repeat(n)}${"a* ".repeat(n)}`,
  "strong and emphasis": (n) => `${"***a ".repeat(n)}${"a*** ".repeat(n)}`,
  marks: (n) => `${"==a ".repeat(n)}${"a== ".repeat(n)}`,
  areas: (n) => `${":::info\n".repeat(n)}a`,
  "footnotes in footnotes": (n) => `${Array.from({ length: n }, (_, k) => `[^${k}]: [^${k + 1}]`).join("\n")}\n\n[^0]`,
  "definitions in definitions": (n) => `${"[^a]: ".repeat(n)}a [^a]`,
  "raw elements in a line": (n) => `a ${"<b>".repeat(n)}`,
  "raw blocks": (n) => "<div>".repeat(n),
  "raw blocks of all kinds": (n) => "<div><blockquote><details>\n\n".repeat(n / 3),
  "raw tables": (n) => "<table><tr><td>".repeat(n / 4),
  "unclosed svg": (n) => "<svg>".repeat(n),
  braces: (n) => `${"{".repeat(n)}a${"}".repeat(n)}`,
  environments: (n) => `${"\\begin{matrix}\n".repeat(n)}a${"\\end{matrix}\n".repeat(n)}`,
};

for (const [name, make] of Object.entries(NESTED)) {
  test(`nesting 10,000 deep: ${name}`, () => {
    for (const view of ["document", "slides"] as const) {
      assert.ok(toHtml(make(10_000), { view }).html.length < 10_000_000);
    }
    // A browser's parser nests elements 512 deep and no deeper. jsdom has no such limit, and takes time squared.
    openWindow();
    render(make(500));
  });
}

test("ten megabytes of dollar signs are shown as they are, with a notice", () => {
  openWindow();
  const text = "$".repeat(10_000_000);
  const { body, meta } = render(text);
  assert.equal(body.querySelector("pre")?.textContent, text);
  assert.match(body.querySelector(".alert-warning")?.textContent ?? "", /10000000 characters, and at most 1048576/);
  assert.equal(meta.title, "Untitled");
});

test("a note just short enough is rendered, one unit more is not", () => {
  const count = (text: string): number => toHtml(text).html.split('class="math').length - 1;
  const note = "$x$\n\n".repeat(MOST_UNITS / 5 - 1);
  const fill = " ".repeat(MOST_UNITS - note.length);
  assert.equal(count(note + fill), Math.floor(MOST_UNITS / 5 - 1));
  assert.equal(count(`${note}${fill} `), 0);
});

test("a monstrous paragraph is shown as it is, and the rest of the note is rendered", () => {
  openWindow();
  const long = "*a* $x$ 'b' a@b.example ".repeat(LONGEST_PARAGRAPH / 24 + 1).trim();
  const { body } = render(`# T\n\n${long}\n\n*b*`);
  assert.equal(body.querySelectorAll("em").length, 1);
  assert.equal(body.querySelectorAll("p")[0]?.textContent, long);
});
