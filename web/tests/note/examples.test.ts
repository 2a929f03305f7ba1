// The examples of the notes' syntax, by section: input, a line with one full stop, what must come out.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { bookTree } from "../../src/note/book_tree";
import { toHtml } from "../../src/note/html";
import { render } from "../../src/note/render";
import { markup, openWindow } from "./dom";
import { normal } from "./normal";

const FOLDER = "tests/note/examples";
const EXAMPLE = /^`{32} example ?(\w*)\n([\s\S]*?)^\.\n([\s\S]*?)^`{32}$/gm;

type Check = (input: string, expected: string) => void;

const CHECKS: Readonly<Record<string, Check>> = {
  "": (input, expected) => {
    assert.equal(normal(toHtml(input).html), normal(expected));
  },
  slides: (input, expected) => {
    assert.equal(normal(toHtml(input, { view: "slides" }).html), normal(expected));
  },
  meta: (input, expected) => {
    const { meta, problem } = toHtml(input);
    const { title, tags, description } = meta;
    const found = { title, tags, ...(description !== undefined && { description }), ...(problem && { error: true }) };
    assert.deepEqual(found, JSON.parse(expected));
  },
  book: (input, expected) => {
    assert.deepEqual(bookTree(input), JSON.parse(expected));
  },
  safe: (input, expected) => {
    openWindow();
    const { body } = render(input);
    if (expected === "") {
      // Nothing that could run or load; whether empty elements remain is free.
      assert.equal(body.textContent.trim(), "");
      assert.deepEqual(
        [...body.querySelectorAll("*")].filter(({ attributes }) => attributes.length > 0),
        [],
      );
    } else {
      assert.equal(normal(markup(body)), normal(`<div>${expected}</div>`));
    }
  },
};

let count = 0;
for (const file of readdirSync(FOLDER).sort()) {
  const text = readFileSync(`${FOLDER}/${file}`, "utf8");
  [...text.matchAll(EXAMPLE)].forEach(([, mode = "", input = "", expected = ""], index) => {
    count += 1;
    test(`${file} ${index + 1} ${mode}`, () => {
      CHECKS[mode]?.(input, expected);
    });
  });
}

test("no example is lost", () => {
  assert.equal(count, 35);
});
