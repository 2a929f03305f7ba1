// What gets onto the page. Every attack is rendered in a window where its scripts would run.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { DOMWindow } from "jsdom";
import { render, type RenderOptions } from "../../src/note/render";
import { sanitise } from "../../src/note/sanitise";
import { markup, openWindow } from "./dom";

const CANARY = "window.pwned=1";

const ATTACKS = [
  `<script>${CANARY}</script>`,
  `<img src=x onerror="${CANARY}">`,
  `<svg onload="${CANARY}"><script>${CANARY}</script></svg>`,
  `"><img src=x onerror=${CANARY}>`,
  `' onmouseover='${CANARY}`,
  `javascript:${CANARY}`,
  `</title></style></textarea></script><script>${CANARY}</script>`,
  `<iframe srcdoc="<script>parent.${CANARY}</script>"></iframe>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${CANARY}>`,
  `{{<img src=x onerror=${CANARY}>}}`,
];

/** Every place of the dialect that takes a text of the author. */
const PLACES: readonly ((attack: string) => string)[] = [
  (attack) => attack,
  (attack) => `a ${attack} b`,
  (attack) => `# ${attack}\n\n[TOC]`,
  (attack) => `---\ntitle: '${attack.replace(/'/g, "''")}'\ntags: ['${attack.replace(/'/g, "''")}']\n---\n`,
  (attack) => `---\ntitle: ${attack}: x\n---\n`,
  (attack) => `[a](${attack})`,
  (attack) => `[a](<${attack.replace(/[<>]/g, "\\$&")}> "${attack.replace(/"/g, "&quot;")}")`,
  (attack) => `![${attack}](${attack} "${attack}" =1x1)`,
  (attack) => `![a](x "${attack.replace(/"/g, "'")}" =1x1)`,
  (attack) => `[r]\n\n[r]: ${attack} '${attack.replace(/'/g, "")}'`,
  (attack) => `\`\`\`${attack.replace(/`/g, "")}\n${attack}\n\`\`\``,
  (attack) => `\`\`\`js=1! {x="${attack}"}\n${attack}\n\`\`\``,
  ...[
    "mermaid",
    "graphviz",
    "vega",
    "sequence",
    "flow",
    "abc",
    "csvpreview",
    "ermine",
    "markmap",
    "plantuml",
    "geo",
  ].map((kind) => (attack: string) => `\`\`\`${kind}\n${attack}\n\`\`\``),
  (attack) => `\`\`\`csvpreview {header="true" delimiter="<"}\n${attack}\n${attack}\n\`\`\``,
  (attack) => `\`\`\`graphviz {engine="${attack}"}\n${attack}\n\`\`\``,
  (attack) => `$${attack}$ and $$${attack}$$`,
  (attack) => `$$\n${attack}\n$$`,
  (attack) => `\\begin{align}\n${attack}\n\\end{align}`,
  (attack) => `{{${attack}}} {{s: ${attack.replace(/[{}]/g, "")}}}`,
  (attack) => `{${attack.replace(/[|{}]/g, "")}|${attack.replace(/[{}]/g, "")}}`,
  (attack) => `A\n\n*[A]: ${attack}`,
  (attack) => `A[^${attack.replace(/[\s\]]/g, "")}] ^[${attack}]\n\n[^${attack.replace(/[\s\]]/g, "")}]: ${attack}`,
  (attack) => `> [name=${attack}] [time=${attack}] [color=${attack}]`,
  (attack) => `:::spoiler ${attack}\n${attack}\n:::`,
  (attack) => `:::info ${attack}\n${attack}\n:::`,
  (attack) => `- [ ] ${attack}`,
  (attack) => `| ${attack.replace(/\|/g, "")} |\n|---|\n| ${attack.replace(/\|/g, "")} |`,
  (attack) => `Term\n: ${attack}`,
  (attack) => `==${attack}== ++${attack}++ ~~${attack}~~ ^${attack.replace(/\s/g, "")}^ :${attack}:`,
  ...["youtube", "vimeo", "gist", "slideshare", "speakerdeck", "pdf", "hackmd"].map(
    (name) => (attack: string) => `{%${name} ${attack} %}`,
  ),
  (attack) => `{%pdf https://example.org/${attack} %}`,
  (attack) =>
    `<!-- .slide: data-background="${attack}" class='${attack}' -->\n\na <!-- .element: class="${attack}" data-state="${attack}" -->`,
  (attack) => `<!-- ${attack} -->`,
  (attack) => `Note: ${attack}\n\n---\n\n###### tags: \`${attack}\``,
  (attack) => `<div title="${attack}">${attack}</div>\n\n<a href="${attack}">x</a>`,
  (attack) => `<https://example.org/${attack}> https://example.org/${attack}`,
];

const SCHEMES = /^(?:https?|mailto|tel):/i;

/** What may not be in a tree: elements that run or load, handlers, styles, addresses outside the schemes. */
function dangers(body: DocumentFragment): string[] {
  const found: string[] = [];
  for (const element of body.querySelectorAll("*")) {
    const { localName } = element;
    if (
      /^(?:script|style|template|noscript|iframe|object|embed|form|svg|math|link|meta|base|button|select|textarea)$/.test(
        localName,
      )
    ) {
      found.push(`<${localName}>`);
    }
    for (const { name, value } of element.attributes) {
      if (/^(?:on.*|style|srcdoc|srcset|formaction|action|background|poster|name|data-own|xlink:.*)$/i.test(name)) {
        found.push(`${localName} ${name}="${value}"`);
      }
      if (name === "href" || name === "src") {
        const address = Array.from(value)
          .filter((sign) => sign > " ")
          .join("");
        const scheme = /^[a-z][a-z0-9+.-]*:/i.test(address);
        if (
          scheme &&
          !SCHEMES.test(address) &&
          !(localName === "img" && /^data:image\/(?:png|jpeg|gif|webp)/.test(address))
        ) {
          found.push(`${localName} ${name}="${value}"`);
        }
      }
    }
  }
  return found;
}

async function inPage(window: DOMWindow, body: DocumentFragment): Promise<void> {
  window.document.body.replaceChildren(body);
  for (const element of window.document.body.querySelectorAll("*")) {
    element.dispatchEvent(new window.Event("mouseover", { bubbles: true }));
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal((window as unknown as { pwned?: number }).pwned, undefined);
}

for (const view of ["document", "slides"] as const) {
  test(`script in every place that a note has stays text (${view})`, async () => {
    const window = openWindow();
    for (const [index, place] of PLACES.entries()) {
      for (const attack of ATTACKS) {
        const { body } = render(place(attack), { view });
        assert.deepEqual(dangers(body), [], `place ${index}: ${place(attack)}`);
        if (attack === ATTACKS[1] || attack === ATTACKS[3]) {
          await inPage(window, body);
        }
      }
    }
  });
}

const shown = (text: string, options?: RenderOptions): string =>
  markup(render(text, options).body)
    .replace(/^<div>|<\/div>$/g, "")
    .trim();

test("raw HTML keeps what a note may have", () => {
  openWindow();
  assert.equal(
    shown("<kbd>a</kbd> <details open><summary>b</summary>c</details>").replace(/\n/g, ""),
    '<p><kbd>a</kbd> </p><details open=""><summary>b</summary>c</details><p></p>',
  );
  assert.equal(
    shown('<img src="a.png" alt="b" width="9" loading="lazy">'),
    '<p><img src="a.png" alt="b" width="9" loading="lazy" /></p>'.replace(/<\/?p>/g, ""),
  );
  assert.match(shown('<img src="data:image/png;base64,AA==">'), /src="data:image\/png/);
  assert.doesNotMatch(shown('<img src="data:image/svg+xml,x">'), /src/);
  assert.doesNotMatch(shown('<a href="data:image/png;base64,AA==">x</a>'), /href/);
  assert.equal(
    shown('<video src="https://example.org/a.mp4" controls><source src="b.mp4"><a href="b.mp4">c</a></video>'),
    '<p><a href="b.mp4">c</a></p>',
    "sound and film cannot play here; what stands in for them stays",
  );
  assert.equal(shown('<audio src="a.mp3" controls>d</audio>'), "<p>d</p>");
});

test("ids of raw HTML get a prefix, its classes are the public ones, its data go", () => {
  openWindow();
  assert.equal(
    shown(
      '<div id="toc" class="alert value study-place toolbar fragment" data-line="3" data-value="x" role="alert">x</div>',
    ),
    '<div id="u-toc" class="alert fragment">x</div>',
  );
  assert.equal(shown('<span class="math inline">x</span>'), "<p><span>x</span></p>");
  assert.equal(shown('<pre><code class="language-js">x</code></pre>'), '<pre><code class="language-js">x</code></pre>');
  assert.equal(shown('<p id="a" data-own="">x</p>'), '<p id="u-a">x</p>');
});

test("what the renderer made keeps its ids, classes and data, also ids that a document has by itself", () => {
  openWindow();
  assert.equal(shown("# title"), '<h1 id="title">title</h1>');
  assert.equal(shown("# constructor"), '<h1 id="constructor">constructor</h1>');
  assert.equal(
    shown("$x$ {{a: b}}"),
    '<p><span class="math inline">x</span> <span class="value" data-value="a: b">{{a: b}}</span></p>',
  );
  assert.match(
    shown("```ermine\na: 1\n```"),
    /^<div class="study-place" data-line="1"><pre><code class="language-yaml">a: 1/,
  );
  assert.equal(
    shown("> [color=red]\n> x").replace(/\n|<br \/>/g, ""),
    '<blockquote data-color="red"><p>x</p></blockquote>',
  );
  assert.match(
    shown("- [x] a"),
    /<li class="task-list-item"><input class="task-list-item-checkbox" disabled="" type="checkbox" checked="" \/> a/,
  );
  assert.match(shown("a[^b]\n\n[^b]: c"), /<sup class="footnote-ref"><a href="#fn1" id="fnref1">\[1\]<\/a><\/sup>/);
  assert.match(shown(":::info\na\n:::"), /^<div class="alert alert-info" role="note">/);
});

test("an input is the box of a task, and that does nothing", () => {
  openWindow();
  for (const html of [
    "<input>",
    '<input type="text" disabled>',
    '<input type="checkbox">',
    '<input type="submit" value="go">',
    '<input type="image" src="x">',
  ]) {
    assert.doesNotMatch(shown(`a ${html}`), /input/);
  }
  assert.match(shown('a <input type="checkbox" disabled>'), /<input type="checkbox" disabled="" \/>/);
});

test("comments and aside go, but for slides", () => {
  openWindow();
  assert.equal(shown("a <!-- b --> c\n\n<aside>d</aside>"), "<p>a  c</p>\nd");
  assert.match(shown("a\n\nNote: b", { view: "slides" }), /<section>\s*<p>a<\/p>\s*<aside class="notes">/);
  assert.doesNotMatch(shown("<!-- .slide: class='fragment' -->\n\na <!-- b -->", { view: "slides" }), /<!--/);
});

test("the sanitiser alone takes everything for raw HTML", () => {
  openWindow();
  const fragment = sanitise('<p id="a" class="value alert" data-own="">x</p><aside>y</aside>');
  assert.equal(markup(fragment), '<div><p id="u-a" class="alert">x</p>y</div>');
});

test("markup that browsers repair in surprising ways", () => {
  openWindow();
  const hostile = [
    '<svg><style><img src="</style><img src=x onerror=alert(1)>"></style></svg>',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<math><annotation-xml encoding="text/html"><style><img src=x onerror=alert(1)></style></annotation-xml></math>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<a href="jav&#x09;ascript:alert(1)">x</a><a href="\u0001javascript:alert(1)">y</a><a href="JaVaScRiPt:alert(1)">z</a>',
    "<a href='vbscript:x'>x</a><a href='file:///etc/passwd'>y</a><a href='blob:x'>z</a><a href='a1:x'>w</a>",
    "<template><img src=x onerror=alert(1)></template>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<img src=x alt='`><img src=x onerror=alert(1)>'>",
    "<select><template><style></select><img src=x onerror=alert(1)>",
    "<table><caption><svg><p><style></table><img src=x onerror=alert(1)>",
  ];
  for (const html of hostile) {
    for (const text of [html, `a ${html}`, `\n\n${html}\n\n`]) {
      assert.deepEqual(dangers(render(text).body), [], text);
    }
  }
});

test("random texts: no script, no handler, no address outside the schemes", () => {
  openWindow();
  const pieces = [
    ...Array.from("<>&\"'`$*_~^=+:|\\/{}[]()!#-\n \t;%"),
    ...[
      "<a href=",
      "<img src=",
      " onerror=alert(1) ",
      "javascript:",
      "data:text/html,",
      "<script>",
      "</script>",
      "<!--",
      "-->",
      "<svg>",
      "<math>",
      "<style>",
      "</style>",
    ],
    ...[
      "$$",
      "```",
      ":::info\n",
      ":::",
      "{{",
      "}}",
      "[^a]",
      "[^a]: ",
      "[TOC]\n",
      "> ",
      "- [x] ",
      "{%youtube ",
      "%}",
      "[name=",
      "](",
      "![",
      "\n\n",
      "|---|",
      "---\n",
      "title: ",
      "<div id=a class=value>",
    ],
    ...["abc", "http://example.org", "a@b.example", "&#106;", "&lt;", "é", "😀", "\u2028", "\u0000"],
  ];
  // Marsaglia's xorshift32: the texts are the same every time.
  let state = 0x9e3779b9;
  const random = (below: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  for (let run = 0; run < 700; run += 1) {
    const text = Array.from({ length: 1 + random(60) }, () => pieces[random(pieces.length)] ?? "").join("");
    for (const view of ["document", "slides"] as const) {
      assert.deepEqual(dangers(render(text, { view }).body), [], JSON.stringify(text));
    }
  }
});
