// What a live page changes when the note has changed: nothing that is still the same.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { JSDOM } from "jsdom";
import { Studies } from "../../src/upgrade/studies";
import { drawMath } from "../../src/upgrade/math";
import { Blocks } from "../../src/view/blocks";
import { inline } from "../fixtures/note";

let document: Document;

beforeEach(() => {
  ({ document } = new JSDOM("<!doctype html><main></main>").window);
  (globalThis as { document?: Document }).document = document;
});

const main = (): HTMLElement => document.querySelector("main") ?? assert.fail();

function body(...paragraphs: string[]): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const text of paragraphs) {
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    fragment.append(paragraph);
  }
  return fragment;
}

/** A small generator of whole numbers below `below`, the same on every run. */
function dice(): (below: number) => number {
  let state = 12345;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

test("blocks that stay the same stay the same elements, whatever changes around them", () => {
  const blocks = new Blocks(main());
  const roll = dice();
  let before: string[] = [];
  for (let turn = 0; turn < 200; turn += 1) {
    const now = [...before];
    now.splice(roll(now.length + 1), roll(3), ...Array.from({ length: roll(3) }, () => `p${roll(5)}`));
    const first = main().firstChild;
    blocks.show(body(...now), (fresh) => {
      for (const paragraph of fresh.querySelectorAll("p")) {
        const box = document.createElement("div");
        paragraph.replaceWith(box);
        box.append(paragraph);
      }
    });
    assert.deepEqual(
      [...main().children].map((child) => child.textContent),
      now,
    );
    assert.ok([...main().children].every(({ tagName }) => tagName === "DIV"));
    if (now.length > 0 && now[0] === before[0]) {
      assert.equal(main().firstChild, first);
    }
    before = now;
  }
});

function section(name: string, line: number, text: string): HTMLElement {
  const made = document.createElement("section");
  made.className = "study";
  made.id = `study-${name}`;
  made.dataset["line"] = String(line);
  made.textContent = text;
  return made;
}

function place(line: number): HTMLElement {
  const made = document.createElement("div");
  made.className = "study-place";
  made.dataset["line"] = String(line);
  made.textContent = "the fence";
  return made;
}

test("a study that has not changed keeps its element when it moves; one that has changed gets a new one", () => {
  const studies = new Studies();
  main().append(place(3), place(9));
  studies.place(main(), [section("a", 3, "a"), section("b", 9, "b")], "n.md");
  const [a, b] = [document.getElementById("study-a"), document.getElementById("study-b")];
  a?.append("drawn");
  main().replaceChildren(place(5), place(11));
  studies.place(main(), [section("a", 5, "a"), section("b", 11, "other")], "n.md");
  assert.equal(document.getElementById("study-a"), a);
  assert.equal(a?.textContent, "adrawn");
  assert.equal(a.dataset["line"], "5");
  assert.notEqual(document.getElementById("study-b"), b);
  assert.equal(document.getElementById("study-b")?.textContent, "other");
});

test("a place that loses its study says so, and is well again when the study is back", () => {
  const studies = new Studies();
  main().append(place(3));
  studies.place(main(), [section("a", 3, "a")], "n.md");
  studies.place(main(), [], "n.md");
  assert.match(main().textContent, /n\.md:3: this study was not run.*the fence/);
  assert.equal(studies.place(main(), [section("a", 3, "a")], "n.md"), undefined);
  assert.equal(main().textContent, "a");
});

function formulas(...sources: string[]): void {
  // The only HTML here is what the fixture escapes.
  const parsed = new JSDOM(sources.map(inline).join("")).window.document;
  main().replaceChildren(...[...parsed.body.childNodes].map((node) => document.importNode(node, true)));
}

test("formulas are drawn again only where other definitions hold", () => {
  formulas("\\def\\v{a}", "\\v", "x");
  drawMath(main());
  const drawn = [...document.querySelectorAll(".math")].map((formula) => formula.firstChild);
  drawMath(main());
  const again = [...document.querySelectorAll(".math")].map((formula) => formula.firstChild);
  assert.equal(again[1], drawn[1]);
  assert.equal(again[2], drawn[2]);
  const [definition] = document.querySelectorAll<HTMLElement>(".math");
  const other = definition?.cloneNode(false) as HTMLElement;
  delete other.dataset["tex"];
  other.textContent = "\\def\\v{b}";
  definition?.replaceWith(other);
  drawMath(main());
  const [, used, plain] = document.querySelectorAll(".math");
  assert.equal(used?.querySelector(".katex-html")?.textContent, "b");
  assert.notEqual(plain?.firstChild, drawn[2]);
});
