import assert from "node:assert/strict";
import { test } from "node:test";
import { toHtml } from "../../src/note/html";
import { slideComment } from "../../src/note/slide_attributes";
import { normal } from "./normal";

const slides = (text: string): string => normal(toHtml(text, { view: "slides" }).html);

test("only a parsed, top-level break of exactly three or four hyphens cuts", () => {
  const uncut = [
    "a\n\n***\n\nb",
    "a\n\n___\n\nb",
    "a\n\n- - -\n\nb",
    "a\n\n-----\n\nb",
    "> ---",
    "- a\n\n  ---",
    "```\n---\n```",
    "a\n---",
  ];
  for (const text of uncut) {
    assert.equal(slides(text).split("<section>").length - 1, 1, text);
  }
  assert.equal(slides("a\n\n---\nb"), "<section><p>a</p></section><section><p>b</p></section>");
  assert.equal(slides("---\ntitle: T\n---\na"), "<section><p>a</p></section>");
});

test("a note that nothing cuts is cut by its outline: parts, a slide for each study, no more text than can be read", () => {
  const bare = (text: string): string => slides(text).replace(/ id="[^"]*"/g, "");
  assert.equal(
    bare("# T\n\nwords\n\n## A\n\n### B\n\nmore\n\n## C\n\nend"),
    "<section><h1>T</h1><p>words</p></section>" +
      "<section><h2>A</h2><h3>B</h3><p>more</p></section>" +
      "<section><h2>C</h2><p>end</p></section>",
  );
  const study = "```ermine\nstudy: s\n```";
  const shape = (text: string): string => bare(text).replace(/<div[^>]*>.*?<\/div>/gs, "STUDY");
  assert.equal(
    shape(`## A\n\nbefore\n\n${study}\n\nafter`),
    "<section><section><h2>A</h2><p>before</p></section><section>STUDY</section><section><p>after</p></section></section>",
  );
  assert.equal(shape(`## A\n\n${study}`), "<section><h2>A</h2>STUDY</section>", "a heading stays with what follows");
  const long = "word ".repeat(70).trim();
  assert.equal(slides(`${long}\n\n${long}\n\nshort`).split("<section><p>").length - 1, 2, "two slides of text");
  assert.equal(slides(`${long} ${long}`).split("<section>").length - 1, 1, "a paragraph is never torn");
  assert.equal(slides(`## A\n\nb\n\n---\n\n## C\n\n## D`).split("<section>").length - 1, 2, "a cut switches it off");
});

test("a short end of a part stays with the slide before, if there is room and no figure on it", () => {
  const count = (...blocks: string[]): number => slides(blocks.join("\n\n")).split(/<section>(?!<section>)/).length - 1;
  const words = (length: number): string => "word ".repeat(length / 5).trim();
  const study = "```ermine\nstudy: s\n```";
  assert.equal(count("## A", words(400), words(300)), 1);
  assert.equal(count("## A", words(400), words(300), "## B", words(400), words(300)), 2, "of every part");
  assert.equal(count("## A", words(400), words(350)), 2, "it is not short");
  assert.equal(count("## A", words(600), words(300)), 2, "there is no room");
  assert.equal(count("## A", words(400), words(300), study), 3, "a study comes after it");
  assert.equal(count("## A", study, words(300)), 2, "a study has its slide");
});

test("a first break of four hyphens puts the first slide on top of the column", () => {
  assert.equal(
    slides("a\n\n----\n\nb\n\n---\n\nc"),
    "<section><section><p>a</p></section><section><p>b</p></section></section><section><p>c</p></section>",
  );
});

test("notes begin at the first line that says so, and end at the cut", () => {
  const aside = (inside: string): string => `<aside class="notes">${inside}</aside>`;
  assert.equal(
    slides("a\nNote: b\n\nc\n\n---\n\nd"),
    `<section><p>a</p>${aside("<p>b</p><p>c</p>")}</section><section><p>d</p></section>`,
  );
  assert.equal(slides("- a\nNOTES:\n- b"), `<section><ul><li>a</li></ul>${aside("<ul><li>b</li></ul>")}</section>`);
  assert.equal(
    slides("> a\nnote: - b"),
    `<section><blockquote><p>a</p></blockquote>${aside("<ul><li>b</li></ul>")}</section>`,
  );
  assert.equal(
    slides("a\n\nNote: b\nNote: c\n\nNote:\nd"),
    `<section><p>a</p>${aside("<p>b</p><p>Note: c</p><p>Note:</p><p>d</p>")}</section>`,
  );
  assert.equal(slides("```\nNote: a\n```"), "<section><pre><code>Note: a\n</code></pre></section>");
  assert.equal(slides("> Note: a"), "<section><blockquote><p>Note: a</p></blockquote></section>");
  assert.equal(normal(toHtml("a\nNote: b").html), "<p>a<br>\nNote: b</p>");
});

test("each slide has its own footnotes, and those of the notes stay with the notes", () => {
  const html = slides("a[^x] b[^y]\nNote: c[^z] d[^x]\n\n---\n\ne[^x]\n\n[^x]: X\n[^y]: Y\n[^z]: Z");
  const [first = "", second = ""] = html.split(/(?<=<\/section>)(?=<section><p>e)/);
  assert.match(
    first,
    /<hr class="footnotes-sep">.*id="fn1\.1".*X.*id="fn1\.2".*Y.*<aside class="notes">.*<ol class="footnotes-list" start="3">.*id="fn1\.3".*Z.*<\/aside>/s,
  );
  assert.match(second, /href="#fn2\.1" id="fnref2\.1">\[1\].*<li class="footnote-item" id="fn2\.1"><p>X/s);
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
});

test("contents list the slides' first headings", () => {
  const html = slides("[TOC]\n\n---\n\n# A\n## A2\n\n----\n\n## B\n\n---\n\nNote:\n# not this");
  assert.match(
    html,
    /<nav class="toc"><ul><li><a href="#\/1\/0">A<\/a><ul><li><a href="#\/1\/1">B<\/a><\/li><\/ul><\/li><\/ul><\/nav>/,
  );
});

test("attributes come from comments, each checked for its kind", () => {
  assert.equal(
    slides(
      '<!-- .slide: data-background=\'#fff\' class="r-stack page-button" onclick="x" -->\n\n# T <!-- .element: class="fragment" data-fragment-index="2" -->\n\ntext **b <!-- .element: class="fragment grow" -->**',
    ),
    '<section class="r-stack" data-background="#fff"><h1 class="fragment" data-fragment-index="2" id="t">T</h1><p>text <strong class="fragment grow">b</strong></p></section>',
  );
  assert.equal(
    slides('![a](x.png)\n<!-- .element: class="fragment" -->\n\n```\nc\n```\n<!-- .element: class="fragment" -->'),
    '<section><p class="fragment"><img alt="a" src="x.png"></p><pre class="fragment"><code>c\n</code></pre></section>',
  );
  const kept = (text: string): unknown => slideComment(`<!-- .slide: ${text} -->`)?.attributes;
  for (const refused of [
    'data-background="javascript:alert(1)"',
    'data-background="url(x)"',
    'data-background-image="http://example.org/x.png"',
    'data-background-image="//example.org/x.png"',
    'data-background-image="data:image/svg+xml,x"',
    'data-background-iframe="https://example.org"',
    'data-background-video="https://example.org/a.mp4"',
    'data-state="x"',
    'style="x"',
    'id="x"',
    'data-transition="<b>"',
    'data-autoslide="1e3"',
    'data-visibility="shown"',
    'data-background-color="expression(1)"',
  ]) {
    assert.deepEqual(kept(refused), [], refused);
  }
  for (const fine of ["https://example.org/x.png", "img/x.png", "/x.png"]) {
    assert.deepEqual(kept(`data-background-image="${fine}"`), [["data-background-image", fine]]);
  }
  assert.deepEqual(kept("data-auto-animate data-transition='zoom-in fade-out'"), [
    ["data-auto-animate", ""],
    ["data-transition", "zoom-in fade-out"],
  ]);
});
