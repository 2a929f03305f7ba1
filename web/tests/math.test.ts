import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { drawMath } from "../src/upgrade/math";
import { display, inline } from "./fixtures/note";
import { one, open } from "./open";

/** Draws in a fresh document without the page around it. */
function drawn(body: string): { document: Document; done: Promise<void>; again: () => void } {
  const { document } = new JSDOM(`<!doctype html><main>${body}</main>`).window;
  (globalThis as { document?: Document }).document = document;
  const done = drawMath(document);
  return {
    document,
    done,
    again: () => {
      void drawMath(document);
    },
  };
}

const shown = (document: Document): string[] =>
  [...document.querySelectorAll(".math")].map(
    (formula) => (formula.querySelector(".katex-html") ?? formula).textContent,
  );

const failures = (document: Document): string[] =>
  [...document.querySelectorAll(".math-error")].map((formula) => formula.getAttribute("title") ?? "");

test("formulas of the page are set, inline and display, for eye and ear", async () => {
  const { document, complaints } = await open({ source: "$a^2$\n\n$$\\int_0^1 x\\,dx$$\n" });
  assert.equal(document.querySelectorAll(".katex-html").length, 2);
  assert.equal(document.querySelectorAll("math").length, 2);
  assert.equal(document.querySelectorAll(".katex-display").length, 1);
  assert.deepEqual(complaints, []);
});

test("a macro holds in later formulas, in document order", () => {
  const { document } = drawn(
    inline("\\field") +
      display("\\newcommand{\\field}{\\mathbb{R}} \\def\\pair#1#2{#1;#2}") +
      inline("\\field") +
      inline("\\pair xy"),
  );
  const [before, , after, pair] = shown(document);
  assert.equal(before, "\\field");
  assert.equal(after, "R");
  assert.equal(pair, "x;y");
});

test("drawing the page a second time gives the same page", () => {
  const { document, again } = drawn(
    display("\\newcommand{\\field}{\\mathbb{R}}\\field") + inline("\\field^n") + inline("\\frac{1}{"),
  );
  const first = one(document, "main").textContent;
  again();
  again();
  assert.equal(one(document, "main").textContent, first);
  assert.equal(failures(document).length, 1);
});

test("a macro may be defined again", () => {
  const { document } = drawn(
    inline("\\newcommand{\\v}{a}\\newcommand\\w[1]{(#1)}\\v\\w1") +
      inline("\\newcommand{\\v}{b}\\newcommand\\w[1]{<#1>}\\newcommand{\\z}{z}\\v\\w1\\z") +
      inline("\\v"),
  );
  assert.deepEqual(failures(document), []);
  assert.deepEqual(shown(document), ["a(1)", "b<1>z", "b"]);
});

test("operators are declared as in amsmath, and \\require is ignored", () => {
  const { document } = drawn(
    inline("\\require{cancel}\\DeclareMathOperator{\\rank}{rank}\\DeclareMathOperator*{\\argmin}{arg\\,min} x") +
      inline("\\rank A") +
      display("\\argmin_w L"),
  );
  assert.deepEqual(failures(document), []);
  const [, rank, argmin] = shown(document);
  assert.match(rank ?? "", /rank.*A/);
  assert.match(argmin ?? "", /arg\s?min/);
  assert.ok(one(document, ".display").querySelector(".op-limits"));
});

test("a failed formula shows its source, with the reason as its title", () => {
  const { document } = drawn(inline("\\frac{1}{") + inline("x"));
  assert.equal(one(document, ".math-error").textContent, "\\frac{1}{");
  assert.match(failures(document)[0] ?? "", /Expected|end of input/);
  assert.equal(document.querySelectorAll(".katex-html").length, 1);
});

test("definitions of a page are limited, and formulas go on after the limit", () => {
  const many = Array.from({ length: 300 }, (_, n) => {
    const name = `m${String.fromCharCode(97 + Math.floor(n / 26))}${String.fromCharCode(97 + (n % 26))}`.replace(
      "m",
      "\\m",
    );
    return inline(`\\gdef${name}{x}`);
  });
  const { document } = drawn(many.join("") + inline("\\maa") + inline(`\\def\\long{${"y".repeat(9000)}}`));
  assert.ok(failures(document).length >= 100);
  assert.ok(failures(document).every((message) => message.includes("at most 200 macros")));
  assert.equal(shown(document).at(-2), "x");
});

test("a formula that would take the page's time away is shown as it was written", async () => {
  const { document, done } = drawn(
    display(`\\newcommand{\\a}{${"x+".repeat(4000)}x}`) +
      display("\\a".repeat(900)) +
      display("x^{2}+".repeat(100_000)) +
      display("\\newcommand{\\b}{\\a\\a\\a}") +
      display("\\b") +
      display("y"),
  );
  await done;
  assert.equal(failures(document).length, 3);
  for (const message of failures(document)) {
    assert.match(message, /at most 10000 characters/);
  }
  assert.equal(shown(document).at(-1), "y");
});

test("thousands of formulas are drawn in turns, all with the macros that hold", async () => {
  const { document } = new JSDOM(
    `<!doctype html><main>${inline("\\newcommand{\\r}{R}")}${inline("\\r+1").repeat(4000)}</main>`,
  ).window;
  (globalThis as { document?: Document }).document = document;
  const done = drawMath(document);
  const first = document.querySelectorAll(".katex").length;
  assert.ok(first >= 1000, `${first} at once`);
  await done;
  assert.equal(document.querySelectorAll(".katex").length, 4001);
  assert.equal(shown(document).at(-1), "R+1");
});
