// The examples of CommonMark's own specification, with every extension on. Ids of headings are set aside.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { markdownToHtml, startOf } from "../../src/note/markdown";
import { normal } from "./normal";

interface Example {
  readonly markdown: string;
  readonly html: string;
  readonly section: string;
  readonly number: number;
}

const { tests: examples } = createRequire(import.meta.url)("commonmark-spec") as { tests: readonly Example[] };

const withoutIds = (html: string): string => html.replace(/(<h[1-6]) id="[^"]*"/g, "$1");

test("there are 652 examples", () => {
  assert.equal(examples.length, 652);
});

for (const { markdown, html, section, number } of examples) {
  test(`CommonMark ${number}, ${section}`, () => {
    const source = markdown.replace(/→/g, "\t");
    const settings = { breaks: false, typographer: false, linkify: false };
    const made = markdownToHtml(source, startOf({}), settings);
    assert.equal(normal(withoutIds(made)), normal(html.replace(/→/g, "\t")));
  });
}
