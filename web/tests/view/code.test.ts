import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { colourCode } from "../../src/upgrade/code";
import { escape } from "../fixtures/note";

function coloured(source: string, language: string, numbered?: number): HTMLElement {
  const attributes = numbered === undefined ? "" : ` class="numbered" data-start="${numbered}"`;
  const { window } = new JSDOM(`<pre${attributes}><code class="language-${language}">${escape(source)}</code></pre>`);
  Object.assign(globalThis, { document: window.document, Node: window.Node });
  colourCode(window.document);
  return window.document.querySelector("code") ?? assert.fail();
}

const python = 'def gap(net):\n    """Two\n    lines."""\n    return 1  # <b>&\n';

test("words are coloured and the text stays the author's", () => {
  const code = coloured(python, "python");
  assert.equal(code.textContent, python);
  assert.equal(code.querySelector(".hljs-keyword")?.textContent, "def");
  assert.ok(code.querySelector(".hljs-comment")?.textContent.includes("<b>&"));
  assert.equal(code.querySelector("b"), null);
});

test("unknown languages stay plain, without guessing", () => {
  assert.equal(coloured(python, "klingon").children.length, 0);
  assert.equal(coloured(python, "constructor").children.length, 0);
});

test("a study's language is coloured as YAML", () => {
  assert.ok(coloured("study: a\nseeds: 3\n", "ermine").querySelector(".hljs-attr"));
});

test("numbered lines are one element each, counted from their start, and copied code has no numbers", () => {
  const code = coloured(python, "python", 101);
  assert.equal(code.textContent, python);
  assert.equal(code.style.counterReset, "line 100");
  const lines = [...code.children].map((line) => line.textContent);
  assert.deepEqual(lines, python.split(/(?<=\n)/));
  assert.ok([...code.children].every(({ className }) => className === "line"));
  assert.equal(code.querySelectorAll(".hljs-string").length, 2);
});

test("numbers without colours, and a block that does not end in a newline", () => {
  const code = coloured("a\n\nb", "none", 1);
  assert.deepEqual(
    [...code.children].map((line) => line.textContent),
    ["a\n", "\n", "b"],
  );
});
