import assert from "node:assert/strict";
import { test } from "node:test";
import { readFrontMatter } from "../../src/note/front_matter";
import { toHtml } from "../../src/note/html";

const problem = (text: string): { line: number; message: string } => {
  const found = toHtml(text).problem;
  assert.ok(found, `no problem in ${text.slice(0, 80)}`);
  return found;
};

test("the block begins on the first line and ends with --- or ...", () => {
  assert.deepEqual(readFrontMatter("---\ntitle: A\n---\nb").values, { title: "A" });
  assert.deepEqual(readFrontMatter("---\ntitle: A\n...\nb").values, { title: "A" });
  assert.deepEqual(readFrontMatter("---\ntitle: A\n---").values, { title: "A" });
  assert.equal(readFrontMatter("---\ntitle: A\n---\nb\nc").body, "b\nc");
  assert.equal(readFrontMatter("---\ntitle: A\n---\nb\nc").above, 3);
  for (const text of [
    "\n---\na: 1\n---\n",
    "--- \na: 1\n---\n",
    "---\na: 1\n",
    "----\na: 1\n---\n",
    "x\n---\na: 1\n---\n",
    "",
  ]) {
    assert.equal(readFrontMatter(text).above, 0, JSON.stringify(text));
    assert.equal(readFrontMatter(text).body, text);
  }
});

test("only a line feed ends a line, as for the program", () => {
  for (const separator of ["\u2028", "\u2029", "\u0085"]) {
    const text = `---\ntitle: "A${separator}---${separator}B"\n---\nb`;
    assert.equal(readFrontMatter(text).body, "b", JSON.stringify(separator));
    assert.equal(readFrontMatter(`---\ntitle: A\n---${separator}b`).above, 0, JSON.stringify(separator));
  }
  assert.equal(readFrontMatter("---\r\ntitle: A\r\n---\r\nb").above, 0, "line ends are settled before");
});

test("the block's size is counted in bytes of UTF-8", () => {
  const filled = (letter: string, bytes: number): string =>
    `---\na: ${letter.repeat(Math.floor((16 * 1024 - 4 + bytes) / new TextEncoder().encode(letter).length))}\n---\n`;
  for (const letter of ["x", "é", "語", "🦦"]) {
    assert.equal(toHtml(filled(letter, 0)).problem, undefined, letter);
    assert.match(problem(filled(letter, 4)).message, /16 KiB/, letter);
  }
});

test("an empty block, and one of comments, is no problem", () => {
  assert.equal(toHtml("---\n---\n# A").meta.title, "A");
  assert.equal(toHtml("---\n# nothing yet\n\n---\n# A").problem, undefined);
});

test("keys have types, and a wrong type is as good as no key", () => {
  const { meta, problem: none } = toHtml(
    `---
title: 2024
description: 7
tags: [a, " b ", a, 3, [x]]
lang: de-AT
dir: rtl
breaks: false
typographer: false
robots: noindex, nofollow
type: slide
toc: {maxLevel: 2}
image: https://example.org/a.png
slideOptions: {transition: fade}
whatever: 2001-02-03
---
`,
  );
  assert.equal(none, undefined);
  assert.deepEqual(meta, {
    title: "2024",
    description: "7",
    tags: ["a", "b", "3"],
    lang: "de-AT",
    dir: "rtl",
    breaks: false,
    typographer: false,
    robots: "noindex, nofollow",
    type: "slide",
    toc: { maxLevel: 2 },
    image: "https://example.org/a.png",
    slideOptions: { transition: "fade" },
  });
  const wrong = toHtml(
    `---
title: [a]
description: {a: 1}
tags: 7
lang: "<b>"
dir: up
breaks: yes
typographer: 1
robots: 'a"b'
type: poster
toc: {maxLevel: 9}
image: javascript:alert(1)
slideOptions: [1]
---
`,
  ).meta;
  assert.deepEqual(wrong, {
    title: "Untitled",
    tags: [],
    lang: "en",
    breaks: true,
    typographer: true,
    toc: { maxLevel: 3 },
    slideOptions: {},
  });
});

test("an unquoted colon is named, with the line as it should be", () => {
  const { line, message } = problem("---\nlang: en\ntitle: Lecture 3: nets\n---\n# A");
  assert.equal(line, 3);
  assert.match(message, /quotes: title: "Lecture 3: nets"/);
});

test("what a note's head has no use for is refused with its line", () => {
  const refused: readonly (readonly [string, number, RegExp])[] = [
    ["a: 1\nb: &x 2", 3, /anchors/],
    ["a: 1\nb: *x", 3, /anchors/],
    ["a: !!str 1", 2, /tags/],
    ["a: !foo {b: 1}", 2, /tags/],
    ["a: 1\n<<: {b: 1}", 3, /merge/],
    ["a: {b: {c: {d: {e: 1}}}}", 2, /nest/],
    ["a: [[[[1]]]]", 2, /nest/],
    ["a: 1\na: 2", 3, /dupl/i],
    ["- a\n- b", 2, /keys/],
    ["just text", 2, /keys/],
    ["a: [1", 2, /./],
    ['a: "x', 2, /./],
    ["\ta: 1", 2, /./],
  ];
  for (const [yaml, line, message] of refused) {
    const found = problem(`---\n${yaml}\n---\n# T`);
    assert.match(found.message, message, yaml);
    assert.ok(Math.abs(found.line - line) <= 1, `${yaml}: line ${found.line}`);
    assert.equal(toHtml(`---\n${yaml}\n---\n# T`).meta.title, "T");
  }
  for (const fine of ["title: A & B", "title: Really!", "title: a *b* c", "tags: [a, '<<']", "a: {b: {c: {d: 1}}}"]) {
    assert.equal(toHtml(`---\n${fine}\n---\n`).problem, undefined, fine);
  }
});

test("a block that is not understood is shown as text", () => {
  const { html } = toHtml("---\ntitle: a: <b>\n---\n# T");
  assert.match(html, /^<pre>\n---\ntitle: a: &lt;b&gt;\n---\n<\/pre>\n<h1 id="t">T<\/h1>/);
  assert.match(
    toHtml("---\na: b: c\n---\n# T", { view: "slides" }).html,
    /^<section>\n<pre>[\s\S]*<\/section>\n<section>/,
  );
});

test("bombs are refused by their size, their depth or their aliases", () => {
  const laughs = `a: &a [x,x,x,x]\n${"bcdefghi"
    .split("")
    .map((name, n) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[n]}`).join(",")}]`)
    .join("\n")}`;
  assert.match(problem(`---\n${laughs}\n---\n`).message, /anchors/);
  assert.match(problem(`---\na: ${"[".repeat(10_000)}\n---\n`).message, /nest|depth/i);
  assert.match(problem(`---\na: ${"{a: ".repeat(4_000)}\n---\n`).message, /nest|depth/i);
  assert.match(problem(`---\n${"- ".repeat(8_000)}\n---\n`).message, /nest|depth/i);
  assert.match(problem(`---\na: ${"x".repeat(20_000)}\n---\n`).message, /16 KiB/);
  assert.match(problem(`---\n${"#\n".repeat(300)}a: 1\n---\n`).message, /200 lines/);
  assert.match(problem(`---\na: ${"[1]: ".repeat(3_000)}\n---\n`).message, /./);
  assert.match(problem(`---\na: [${"[a]: ".repeat(3_000)}]\n---\n`).message, /./);
});

test("keys that objects have by themselves are keys like others", () => {
  const { meta, problem: none } = toHtml("---\n__proto__: {title: x}\nconstructor: 1\ntitle: T\n---\n");
  assert.equal(none, undefined);
  assert.equal(meta.title, "T");
  assert.equal(({} as { title?: string }).title, undefined);
});
