import assert from "node:assert/strict";
import { test } from "node:test";
import type { DOMWindow } from "jsdom";
import { one, open } from "./open";

const PNG = "data:image/png;base64,iVBORw0KGgo=";
const GIF = "data:image/gif;base64,R0lGODlh";

const sources = (root: ParentNode): (string | null)[] =>
  [...root.querySelectorAll(".body img, .slides img")].map((image) => image.getAttribute("src"));

/** Every address that an image of the page's own document was ever given. */
function watched(): { readonly given: string[]; readonly prepare: (window: DOMWindow) => void } {
  const given: string[] = [];
  const prepare = (window: DOMWindow): void => {
    const { document, Element, MutationObserver } = window;
    const look = (node: Node): void => {
      for (const image of node instanceof Element ? [node, ...node.querySelectorAll("img")] : []) {
        if (image.localName === "img") {
          given.push(image.getAttribute("src") ?? "");
        }
      }
    };
    const adopt = document.adoptNode.bind(document);
    document.adoptNode = (node) => {
      look(node);
      return adopt(node);
    };
    new MutationObserver((records) => {
      records.forEach(({ addedNodes }) => {
        addedNodes.forEach(look);
      });
    }).observe(document, { childList: true, subtree: true });
  };
  return { given, prepare };
}

test("pictures beside the note are those of the page's data, however their addresses are written", async () => {
  const { given, prepare } = watched();
  const source = "![a](a.png) ![b](<b c.gif>) ![c](d%20e.png)\n\n![d](%C3%A4.png =40x30)\n\n<img src='a.png'>\n";
  const pictures = { "a.png": PNG, "b c.gif": GIF, "d%20e.png": GIF, "ä.png": PNG };
  const { document, complaints } = await open({ source, pictures }, { asFile: true, prepare });
  assert.deepEqual(sources(document), [PNG, GIF, GIF, PNG, PNG]);
  assert.deepEqual(complaints, []);
  assert.ok(given.length >= 5);
  assert.ok(given.every((address) => address.startsWith("data:")));
});

test("one that is not there is its words and a mark, and is not asked for", async () => {
  const { given, prepare } = watched();
  const source = "x ![a *picture*](no.png) y ![](../up.png) ![z](/root.png) ![%](%zz.png)\n";
  const { document } = await open({ source }, { prepare });
  assert.deepEqual(
    [...document.querySelectorAll(".picture-missing")].map(({ textContent }) => textContent),
    ["a picture not found: no.png", "not found: ../up.png", "z not found: /root.png", "% not found: %zz.png"],
  );
  assert.deepEqual(sources(document), []);
  assert.deepEqual(given, []);
});

test("pictures from elsewhere and in the text stay", async () => {
  const { document } = await open({ source: `![a](https://example.org/a.png) ![b](${GIF})\n` });
  assert.deepEqual(sources(document), ["https://example.org/a.png", GIF]);
});

test("data that are no picture are not taken", async () => {
  const wrong = ["https://example.org/a.png", "data:image/svg+xml;base64,AAAA", `${PNG}"`, "data:text/html,x", 1, null];
  for (const data of wrong) {
    const { document } = await open({ source: "![a](a.png)\n", pictures: { "a.png": data } });
    assert.equal(one(document, ".picture-missing").textContent, "a not found: a.png");
  }
});

test("slides have them too", async () => {
  const source = "# A\n\n![a](a.png)\n\n---\n\n![b](b.png)\n";
  const { document } = await open({ source, view: "slides", pictures: { "a.png": PNG } });
  assert.deepEqual(sources(document), [PNG]);
  assert.equal(one(document, ".picture-missing").textContent, "b not found: b.png");
});
