// What the examples leave open, rule by rule.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toHtml } from "../../src/note/html";
import { parseCsv } from "../../src/note/rules/csv";
import { normal } from "./normal";

const html = (text: string): string => normal(toHtml(text).html);

function becomes(pairs: readonly (readonly [string, string])[]): void {
  for (const [text, expected] of pairs) {
    assert.equal(html(text), expected, text);
  }
}

const inline = (tex: string): string => `<span class="math inline">${tex}</span>`;
const display = (tex: string): string => `<div class="math display">${tex}</div>`;

test("inline formulas", () => {
  becomes([
    ["$a$$b$", `<p>${inline("a")}${inline("b")}</p>`],
    ["$ a$ and $b $ and $c$", `<p>$ a$ and $b $ and ${inline("c")}</p>`],
    ["x $a$1 y", "<p>x $a$1 y</p>"],
    ["$x\\\\$ y", `<p>${inline("x\\\\")} y</p>`],
    ["so $$ x^2 $$ is", '<p>so <span class="math display"> x^2 </span> is</p>'],
    ["`$a$` $b$", `<p><code>$a$</code> ${inline("b")}</p>`],
    ["$a `b$ c`", `<p>${inline("a `b")} c\`</p>`],
    ["*a $b* c$", `<p>*a ${inline("b* c")}</p>`],
    ["[t $]$](/u)", `<p><a href="/u">t ${inline("]")}</a></p>`],
    ["a $$$ b $$$ c", "<p>a $$$ b $$$ c</p>"],
    ["$:smile: (c) --$", `<p>${inline(":smile: (c) --")}</p>`],
    [
      "| a |\n|---|\n| $x$ |",
      `<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>${inline("x")}</td></tr></tbody></table>`,
    ],
  ]);
});

test("formulas as blocks", () => {
  becomes([
    ["$$\na\n\nb\n$$ ", display("a\n\nb")],
    ["$$ a\n+ b $$", display("a\n+ b")],
    ["> $$\n> a\n> $$\nb", `<blockquote>${display("a")}</blockquote><p>b</p>`],
    ["- $$\n  a\n  $$\n- b", `<ul><li>${display("a")}</li><li>b</li></ul>`],
    ["- $$\n  a\n\n$$\nb\n$$", `<ul><li>$$<br>\na</li></ul>${display("b")}`],
    ["$$a$$ is a start", '<p><span class="math display">a</span> is a start</p>'],
    ["    $$\n    a\n    $$", "<pre><code>$$\na\n$$\n</code></pre>"],
    ["$$\na\n\n```\n$$\n```", "<p>$$<br>\na</p><pre><code>$$\n</code></pre>"],
    ["$$\nnever closed", "<p>$$<br>\nnever closed</p>"],
  ]);
});

test("environments of LaTeX at the start of a paragraph", () => {
  becomes([
    [
      "\\begin{align}\na &= b \\\\\n- c\n\\end{align}\nd",
      `${display("\\begin{align}\na &amp;= b \\\\\n- c\n\\end{align}")}<p>d</p>`,
    ],
    [
      "\\begin{matrix} \\begin{matrix} 1 \\end{matrix}\n\\end{matrix}",
      display("\\begin{matrix} \\begin{matrix} 1 \\end{matrix}\n\\end{matrix}"),
    ],
    ["\\begin{align}\na\n\n\\end{align}", "<p>\\begin{align}<br>\na</p><p>\\end{align}</p>"],
    ["\\begin{verse}\na\n\\end{verse}", "<p>\\begin{verse}<br>\na<br>\n\\end{verse}</p>"],
    ["a\n\\begin{align}b\\end{align}", "<p>a<br>\n\\begin{align}b\\end{align}</p>"],
  ]);
});

test("numbers of equations, and references to them", () => {
  const text = [
    "See \\eqref{eq:b} and \\ref{c}, not \\eqref{none}; $\\eqref{a}$.",
    "\\begin{align}\na &= 1 \\label{a} \\\\\nb &= \\begin{cases} 1 \\\\ 2 \\end{cases} \\label{eq:b} \\\\\nx &= \\nonumber y\n\\end{align}",
    "$$\nc = 3 \\label{c}\n$$",
    "$$ d \\tag{*}\\label{d} $$ by \\ref{d} and $x_{\\ref{c}}$",
  ].join("\n\n");
  const link = (id: string, shown: string): string => `<a href="#eq:${id}">${shown}</a>`;
  assert.equal(
    html(text),
    [
      `<p>See ${link("a", "(2)")} and ${link("c", "3")}, not \\eqref{none}; ${link("a", "(1)")}.</p>`,
      '<div class="math display" id="eq:a">\\begin{align}\na &amp;= 1 \\tag{1} \\\\\nb &amp;= \\begin{cases} 1 \\\\ 2 \\end{cases} \\tag{2} \\\\\nx &amp;= \\nonumber y\n\\end{align}</div>',
      '<div class="math display" id="eq:c">c = 3 \\tag{3}</div>',
      `<p><span class="math display" id="eq:d"> d \\tag{*} </span> by ${link("d", "*")} and ${inline("x_{\\text{3}}")}</p>`,
    ].join(""),
  );
  assert.equal(html("\\begin{equation}a\\end{equation}"), display("\\begin{equation}a\\end{equation}"));
  assert.equal(html("\\eqref{a} `\\ref{a}`"), "<p>\\eqref{a} <code>\\ref{a}</code></p>");
});

test("quoted values", () => {
  const value = (key: string, source: string): string => `<span class="value" data-value="${key}">${source}</span>`;
  becomes([
    ["is {{ a:\n max  b }}.", `<p>is ${value("a: max b", "{{ a:\n max  b }}")}.</p>`],
    ["\\{{a: b}} `{{a}}` ${{a}}$", `<p>{{a: b}} <code>{{a}}</code> ${inline("{{a}}")}</p>`],
    ["{{}} {{ }} {{a{b}} {{a}", "<p>{{}} {{ }} {{a{b}} {{a}</p>"],
    ["**{{a: b < c}}**", `<p><strong>${value("a: b &lt; c", "{{a: b &lt; c}}")}</strong></p>`],
    ["{{a|b}} {a|b}", `<p>${value("a|b", "{{a|b}}")} <ruby>a<rt>b</rt></ruby></p>`],
    ["[x](/{{a}})", '<p><a href="/%7B%7Ba%7D%7D">x</a></p>'],
  ]);
});

test("a study's fence is its place, with the number of its line in the note", () => {
  const place = (line: number): string =>
    `<div class="study-place" data-line="${line}"><pre><code class="language-yaml">study: s\n</code></pre></div>`;
  becomes([
    ["```ermine\nstudy: s\n```", place(1)],
    ["a\n\n~~~ ermine x\nstudy: s\n~~~", `<p>a</p>${place(3)}`],
    ["---\ntitle: T\n---\n\n- a\n  ```ermine\n  study: s\n  ```", `<ul><li>a${place(6)}</li></ul>`],
    [
      "```ermine=1\nstudy: s\n```",
      '<pre class="numbered" data-start="1"><code class="language-ermine">study: s\n</code></pre>',
    ],
    ["> ```ermine\n> study: s\n", `<blockquote>${place(1)}</blockquote>`],
  ]);
});

test("info strings of code", () => {
  becomes([
    ["```c++=7!\nx\n```", '<pre class="numbered wrap" data-start="7"><code class="language-c++">x\n</code></pre>'],
    [
      "```=\nx\ny\n```\n```py=+\nz\n```",
      '<pre class="numbered" data-start="1"><code>x\ny\n</code></pre><pre class="numbered" data-start="3"><code class="language-py">z\n</code></pre>',
    ],
    ["```mermaid=\nx\n```", '<pre class="numbered" data-start="1"><code class="language-mermaid">x\n</code></pre>'],
    [
      '```graphviz {engine="neato"}\nx\n```',
      '<pre class="embed" data-engine="neato" data-kind="graphviz"><code>x\n</code></pre>',
    ],
    ['```graphviz {engine="<b>"}\nx\n```', '<pre class="embed" data-kind="graphviz"><code>x\n</code></pre>'],
    ["```plantuml\nx\n```", '<pre><code class="language-plantuml">x\n</code></pre>'],
    [
      '```a"onload="b\nx\n```',
      '<pre class="numbered" data-start="1"><code class="language-a&quot;onload">x\n</code></pre>',
    ],
  ]);
});

test("comma-separated values", () => {
  assert.deepEqual(parseCsv('a,b\n"c\nd","e ""f"""\n\ng\n', ","), [["a", "b"], ["c\nd", 'e "f"'], ["g"]]);
  assert.deepEqual(parseCsv("a;b,c;", ";"), [["a", "b,c", ""]]);
  assert.deepEqual(parseCsv('"open, end', ","), [["open, end"]]);
  assert.deepEqual(parseCsv("", ","), []);
  becomes([
    [
      '```csvpreview {header="true" delimiter=";"}\na;b\n1\n1;2;3\n```',
      "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td></td></tr><tr><td>1</td><td>2</td></tr></tbody></table>",
    ],
    ["```csvpreview\n1,2\n```", "<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"],
  ]);
});

test("a wide head over many short rows does not become a flood of cells", () => {
  const wide = `\`\`\`csvpreview {header="true"}\n${"a,".repeat(2000)}\n${"1\n".repeat(2000)}\`\`\``;
  assert.ok(toHtml(wide).html.split("<td>").length < 70_000);
});

test("alerts, also GitHub's, and spoilers", () => {
  becomes([
    [":::info\na", '<div class="alert alert-info" role="note"><p>a</p></div>'],
    ["> [!WARNING]\n> a *b*", '<div class="alert alert-warning" role="note"><p>a <em>b</em></p></div>'],
    ["> [!note] x", "<blockquote><p>[!note] x</p></blockquote>"],
    [":::spoiler\na\n:::", "<details><p>a</p></details>"],
    [
      "> :::danger\n> a\n> :::\n",
      '<blockquote><div class="alert alert-danger" role="note"><p>a</p></div></blockquote>',
    ],
    [":::information\na\n:::", "<p>:::information<br>\na<br>\n:::</p>"],
  ]);
});

test("task lists in lists of both kinds, nested, and nowhere else", () => {
  const box = (checked = ""): string => `<input ${checked}class="task-list-item-checkbox" disabled="" type="checkbox">`;
  becomes([
    [
      "1. [x] a\n   - [ ] b",
      `<ol class="contains-task-list"><li class="task-list-item">${box('checked="" ')} a<ul class="contains-task-list"><li class="task-list-item">${box()} b</li></ul></li></ol>`,
    ],
    ["[ ] a", "<p>[ ] a</p>"],
    ["- [x]a", "<ul><li>[x]a</li></ul>"],
    ["- a [x] b", "<ul><li>a [x] b</li></ul>"],
  ]);
});

test("quote tags only in quotes and lists, colours only of quotes", () => {
  becomes([
    ["[name=A] [time=B] [color=red]", "<p>[name=A] [time=B] [color=red]</p>"],
    ["- [name=A <b>]", '<ul><li><span class="bq-name">A &lt;b&gt;</span></li></ul>'],
    ["- [color=red]", "<ul><li>[color=red]</li></ul>"],
    ["> a [color=url(x)]", "<blockquote><p>a [color=url(x)]</p></blockquote>"],
    [
      "> > a [color=red]\n>\n> b",
      '<blockquote><blockquote data-color="red"><p>a</p></blockquote><p>b</p></blockquote>',
    ],
    [
      "> [name=by {{s: a < b}}, \\{{c}} {{}} *x*]",
      '<blockquote><p><span class="bq-name">by <span class="value" data-value="s: a &lt; b">{{s: a &lt; b}}</span>, ' +
        "\\{{c}} {{}} *x*</span></p></blockquote>",
    ],
    ["> [name=A](/u)", '<blockquote><p><a href="/u">name=A</a></p></blockquote>'],
  ]);
});

test("footnotes that refer to themselves and to each other, in any place", () => {
  const once = html("A[^a]\n\n[^a]: see [^a] and [^b]\n[^b]: *b*");
  assert.match(
    once,
    /<li class="footnote-item" id="fn1"><p>see .*\[1:1\].*\[2\].*#fnref1".*#fnref1:1".*<li class="footnote-item" id="fn2">/,
  );
  assert.doesNotMatch(html("[^a]: never used"), /footnotes/);
  assert.match(
    html("a[^c]\n\n[^c]:\n    ```\n    x\n    ```"),
    /<li class="footnote-item" id="fn1"><pre><code>x\n<\/code><\/pre> ?<a /,
  );
  assert.match(html("a^[b <i>c</i> `d`]"), /b <i>c<\/i> <code>d<\/code>/);
  assert.match(html("# h[^a]\n\n[toc]\n\n[^a]: x"), /<nav class="toc"><ul><li><a href="#h">h<\/a><\/li><\/ul><\/nav>/);
  assert.equal(html("a[^__proto__] b[^constructor]"), "<p>a[^<strong>proto</strong>] b[^constructor]</p>");
});

test("ids of headings", () => {
  const ids = (text: string, reserved: readonly string[] = []): (string | undefined)[] =>
    [...toHtml(text, { reserved: new Set(reserved) }).html.matchAll(/<h\d id="([^"]*)"/g)].map(([, id]) => id);
  assert.deepEqual(ids("# a\n# a\n# a-1\n# a"), ["a", "a-1", "a-1-1", "a-2"]);
  assert.deepEqual(ids("# Study s\n# s-1", ["study-s", "s-1"]), ["study-s-1", "s-1-1"]);
  assert.deepEqual(ids("# $x^2$ `y`\n# ![alt](u)\n# :smile:\n# !!!\n# fn1"), [
    "x2-y",
    "alt",
    "section",
    "section-1",
    "fn1-1",
  ]);
  assert.deepEqual(ids("# A\u030A\n# \u00C5"), ["\u00E5", "\u00E5-1"]);
  assert.deepEqual(ids("> # in a quote"), ["in-a-quote"]);
});

test("contents go by level, in every nesting", () => {
  const toc = (text: string): string => /<nav class="toc">(.*?)<\/nav>/s.exec(html(text))?.[1] ?? "";
  assert.equal(
    toc("[toc]\n## b\n# a\n### c\n## d\n> # quoted"),
    '<ul><li><a href="#b">b</a></li><li><a href="#a">a</a><ul><li><a href="#c">c</a></li></ul><ul><li><a href="#d">d</a></li></ul></li></ul>',
  );
  assert.equal(toc("[TOC]\n# [l](/u) *e* <b>x</b>"), '<ul><li><a href="#l-e-x">l <em>e</em> x</a></li></ul>');
  assert.equal(toc("---\ntoc: {maxLevel: 1}\n---\n[TOC]\n# a\n## b"), '<ul><li><a href="#a">a</a></li></ul>');
  assert.equal(html("[TOC] and more"), "<p>[TOC] and more</p>");
});

test("addresses in running text", () => {
  becomes([
    ["**https://example.org**", '<p><strong><a href="https://example.org">https://example.org</a></strong></p>'],
    ["[https://a.example](/u)", '<p><a href="/u">https://a.example</a></p>'],
    [
      "ftp://example.org //example.org xhttp://example.org",
      "<p>ftp://example.org //example.org xhttp://example.org</p>",
    ],
    ["(http://example.org/a_(b))", '<p>(<a href="http://example.org/a_(b)">http://example.org/a_(b)</a>)</p>'],
    [
      "a@b.example, c@d.example",
      '<p><a href="mailto:a@b.example">a@b.example</a>, <a href="mailto:c@d.example">c@d.example</a></p>',
    ],
    ["<a href='/u'>a@b.example</a>", '<p><a href="/u">a@b.example</a></p>'],
    ["`a@b.example`", "<p><code>a@b.example</code></p>"],
  ]);
});

test("sizes of images, and what is none", () => {
  becomes([
    ["![a *b*](x.png =1x2)", '<p><img alt="a b" height="2" src="x.png" width="1"></p>'],
    ["![a](x.png =x)", '<p><img alt="a" src="x.png"></p>'],
    ["![a](x.png =1x2px)", "<p>![a](x.png =1x2px)</p>"],
    ["![a](<x y.png> 't' =9%x8%)", '<p><img alt="a" height="8%" src="x%20y.png" title="t" width="9%"></p>'],
    ["![a](javascript:x =1x2)", "<p>![a](javascript:x =1x2)</p>"],
  ]);
});

test("externals with a value that does not fit stay as typed", () => {
  for (const text of [
    "{%youtube short %}",
    "{%vimeo 12a %}",
    "{%gist a/b c %}",
    "{%pdf javascript:alert(1) %}",
    "{%hackmd abc %}",
    "{%constructor x %}",
    "{%toString x %}",
  ]) {
    assert.equal(html(text), `<p>${text}</p>`);
  }
  assert.match(
    html("{%pdf https://example.org/a.pdf %}"),
    /^<div class="external" data-id="https:\/\/example.org\/a.pdf" data-kind="pdf"><a href=/,
  );
});

test("typography and line breaks can be switched off for a note", () => {
  assert.equal(html('---\ntypographer: false\nbreaks: false\n---\n"a" -- (c)\nb'), "<p>&quot;a&quot; -- (c)\nb</p>");
  assert.equal(html('"a" -- (c)\nb'), "<p>“a” – ©<br>\nb</p>");
});

test("abbreviations: whole words, longest first, and no special signs", () => {
  becomes([
    [
      "A AB ABC é.A.\n\n*[A]: 1\n*[AB]: 2\n*[A.]: 3",
      '<p><abbr title="1">A</abbr> <abbr title="2">AB</abbr> ABC é.<abbr title="3">A.</abbr></p>',
    ],
    ['`A` <b>A</b>\n\n*[A]: <x>"', '<p><code>A</code> <b><abbr title="&lt;x&gt;&quot;">A</abbr></b></p>'],
  ]);
});

test("ids of headings, numbers of lines and studies count from the first line of the note", () => {
  const { headings } = toHtml("---\ntitle: T\n---\n\n# A\n\nB\n-\n> # C");
  assert.deepEqual(headings, [
    { level: 1, id: "a", text: "A", line: 5 },
    { level: 2, id: "b", text: "B", line: 7 },
  ]);
  const lines = [
    ...toHtml("---\na: 1\n---\n# A\n\n- b\n\n```\nc\n```\n\n$$d$$\n", { lines: true }).html.matchAll(
      /<(\w+)[^>]* data-line="(\d+)"/g,
    ),
  ];
  assert.deepEqual(
    lines.map(([, tag, line]) => `${tag} ${line}`),
    ["h1 3", "ul 5", "pre 7", "div 11"],
  );
});

test("CRLF, a byte order mark and NUL", () => {
  assert.equal(html("\uFEFF---\r\ntitle: T\r\n---\r\na\rb\0"), "<p>a<br>\nb\uFFFD</p>");
});
