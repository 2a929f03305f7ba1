import assert from "node:assert/strict";
import { test } from "node:test";
import { Search, wordsOf } from "../../src/view/search";

const chapters = [
  { href: "a.html", title: "Noise", text: "Networks fit noise. Noise has no rule, and noise is fitted all the same." },
  {
    href: "b.html",
    title: "Kernels",
    text: `${"long ".repeat(60)}the naïve kernel meets noise once ${"tail ".repeat(60)}`,
  },
  { href: "c.html", title: "Norms", text: "The path norm, anorms, normal." },
];
const search = new Search(chapters);
const hrefs = (query: string): string[] => search.find(query).map(({ chapter }) => chapter.href);

test("chapters that hold every word are found, best first", () => {
  assert.deepEqual(hrefs("noise"), ["a.html", "b.html"]);
  assert.deepEqual(hrefs("noise kernel"), ["b.html"]);
  assert.deepEqual(hrefs("noise absent"), []);
});

test("case and accents do not count", () => {
  assert.deepEqual(hrefs("NAIVE"), ["b.html"]);
  assert.deepEqual(hrefs("Naïve"), ["b.html"]);
  assert.deepEqual(wordsOf("  A a  é "), ["a", "e"]);
});

test("no words find nothing", () => {
  assert.deepEqual(hrefs("   "), []);
});

test("the snippet is the author's text around the word, with the word marked", () => {
  const [found] = search.find("naive");
  const text = found?.snippet.map((piece) => piece.text).join("") ?? "";
  assert.match(text, /^… long .* the naïve kernel meets noise once tail .* …$/);
  assert.ok(text.length < 200);
  assert.deepEqual(
    found?.snippet.filter(({ hit }) => hit).map((piece) => piece.text),
    ["naïve"],
  );
});

test("a whole word weighs more than a part, and a title more than the text", () => {
  const ranked = new Search([
    { href: "part", title: "x", text: "abnormal" },
    { href: "whole", title: "x", text: "normal" },
    { href: "title", title: "normal", text: "y" },
  ]);
  assert.deepEqual(
    ranked.find("normal").map(({ chapter }) => chapter.href),
    ["title", "whole", "part"],
  );
});

test("characters that change their length without accents keep the places right", () => {
  const odd = new Search([{ href: "x", title: "", text: "ﬁrst İstanbul 😀 word" }]);
  const [found] = odd.find("word");
  assert.equal(found?.snippet.find(({ hit }) => hit)?.text, "word");
});
