// Texts that make slow parsers take time squared. Work is counted, not timed: the engine counts how often each block of the
// program runs, and twice the text must be about twice the work.

import assert from "node:assert/strict";
import { Session, type Profiler } from "node:inspector";
import { test } from "node:test";
import type { View } from "../../src/note/types";

const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

// Read only now, so that the engine counts in it.
const { markdownToHtml, startOf } = await import("../../src/note/markdown");

function takeCounts(): number {
  let total = 0;
  session.post("Profiler.takePreciseCoverage", (_error, taken: Profiler.TakePreciseCoverageReturnType) => {
    for (const { url, functions } of taken.result) {
      if (!url.startsWith("node:")) {
        for (const { ranges } of functions) {
          for (const { count } of ranges) {
            total += count;
          }
        }
      }
    }
  });
  return total;
}

/** The steps that a text takes, paragraphs of any length included. */
function work(text: string, view: View = "document"): number {
  takeCounts();
  markdownToHtml(text, startOf({ view }), { breaks: true, typographer: true, linkify: true });
  return takeCounts();
}

const nested = (depth: number): string =>
  Array.from({ length: depth }, (_, n) => `${"  ".repeat(Math.min(n, 60))}- a`).join("\n");

/** From n, a text of length proportional to n. */
const TEXTS: Readonly<Record<string, (n: number) => string>> = {
  "[": (n) => "[".repeat(n),
  "![": (n) => "![".repeat(n),
  "[a](": (n) => "[a](".repeat(n),
  "*a_ ": (n) => "*a_ ".repeat(n),
  "*a **a ": (n) => "*a **a ".repeat(n),
  "`": (n) => "`".repeat(n),
  "`a``a": (n) => "`a``a```a".repeat(n / 4),
  $: (n) => "$".repeat(n),
  "$ ": (n) => "$ ".repeat(n),
  "$a ": (n) => "$a ".repeat(n),
  "$$a ": (n) => "$$a $".repeat(n),
  "\\$": (n) => `$${"\\$".repeat(n)}`,
  "{|": (n) => "{|".repeat(n),
  "{a|": (n) => "{a|".repeat(n),
  "{{a": (n) => "{{a".repeat(n),
  ":::": (n) => ":::".repeat(n),
  ":::info lines": (n) => ":::info\n".repeat(n),
  ":::spoiler lines": (n) => ":::spoiler a\n\n".repeat(n),
  "[^": (n) => "[^".repeat(n),
  "[^ with a definition": (n) => `${"[^".repeat(n)}\n\n[^a]: b`,
  "[^a] many times": (n) => `${"[^a] ".repeat(n)}\n\n[^a]: b`,
  "many definitions": (n) => Array.from({ length: n }, (_, k) => `[^${k}]\n\n[^${k}]: a\n`).join("\n"),
  "^[": (n) => "^[".repeat(n),
  "> ": (n) => "> ".repeat(n),
  "> lines": (n) => "> a\n".repeat(n),
  "nested lists": (n) => nested(n),
  "- in a line": (n) => "- ".repeat(n),
  "unclosed $$ lines": (n) => "$$a\n".repeat(n),
  "unclosed $$ paragraphs": (n) => "$$a\n\n".repeat(n),
  "unclosed $$ in an item": (n) => `- x\n${"  $$a\n\n".repeat(n)}\n$$\n`,
  "unclosed $$ in quotes": (n) => "> $$a\n\n".repeat(n),
  "unclosed environments": (n) => "\\begin{align}\n# a\n".repeat(n),
  "[name=": (n) => `> ${"[name=".repeat(n)}`,
  "[name=a]": (n) => `> ${"[name=a] [color=red] ".repeat(n)}`,
  "<!--": (n) => "a <!--".repeat(n),
  "<?": (n) => "a <?".repeat(n),
  "<a ": (n) => "a <a b='".repeat(n),
  "://": (n) => 'http://" '.repeat(n),
  "@": (n) => "a@b ".repeat(n),
  addresses: (n) => "*a@b.example* ".repeat(n),
  ":smile:": (n) => ":smile:*a*".repeat(n),
  ":a": (n) => ":a".repeat(n),
  "headings with one text": (n) => "# a\n".repeat(n),
  "contents many times": (n) => `${"[TOC]\n\n".repeat(n)}${"# a\n".repeat(n)}`,
  "~ and ^": (n) => "~a^b".repeat(n),
  "== and ++": (n) => "==a ++b ".repeat(n),
  table: (n) => `|a|b|\n|-|-|\n${"|a|\n".repeat(n)}`,
  "table's wide head": (n) => `${"|a".repeat(n)}\n${"|-".repeat(n)}\n${"|a\n".repeat(n)}`,
  definitions: (n) => "a\n: b\n".repeat(n),
  abbreviations: (n) => `${"A ".repeat(n)}\n\n*[A]: b`,
  "link definitions": (n) => Array.from({ length: n }, (_, k) => `[${k}]: /u\n`).join(""),
  "fences with numbers": (n) => "```=+\na\n```\n".repeat(n),
  csv: (n) => `\`\`\`csvpreview\n${'"a""'.repeat(n)}\n\`\`\``,
};

const N = 10_000;

/** Linear is twice the steps for twice the text; what does not grow is allowed for. */
const isLinear = (half: number, whole: number): boolean => whole < 2.4 * half + 20_000;

for (const [name, make] of Object.entries(TEXTS)) {
  test(`work grows with the text: ${name}`, () => {
    const half = work(make(N / 2));
    const whole = work(make(N));
    assert.ok(whole > N / 2, `only ${whole} steps were counted`);
    assert.ok(isLinear(half, whole), `${half} steps, then ${whole}`);
  });
}

test("slides of many notes, cuts and footnotes", () => {
  for (const unit of [
    "Note: a\n",
    "a\n\n---\n\n",
    "a[^1]\n\n---\n\n",
    "Note: a[^1]\n\n----\n\n",
    "<!-- .slide: class='fragment' -->\n\n",
  ]) {
    const make = (n: number): string => `${unit.repeat(n)}\n\n[^1]: x`;
    const half = work(make(N / 4), "slides");
    const whole = work(make(N / 2), "slides");
    assert.ok(isLinear(half, whole), `${unit}: ${half} steps, then ${whole}`);
  }
});
