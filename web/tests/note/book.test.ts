import assert from "node:assert/strict";
import { test } from "node:test";
import { bookTree } from "../../src/note/book_tree";
import { describe, plainText } from "../../src/note/plain";

test("front matter names the book, and then the first heading of level 1 is no part", () => {
  const { title, parts } = bookTree("---\ntitle: T\ntype: book\n---\n# H\n- [a](a.md)");
  assert.equal(title, "T");
  assert.deepEqual(parts, [{ title: "", items: [{ text: "a", href: "a.md", open: "pane" }] }]);
});

test("links to the site's own host open in the pane, others in a tab", () => {
  const open = (href: string): string | undefined =>
    bookTree(`# T\n- [a](${href})`, "notes.example").parts[0]?.items[0]?.open;
  assert.deepEqual(
    [
      "a.md",
      "/a",
      "https://notes.example/a",
      "//notes.example/a",
      "https://notes.example.evil/a",
      "https://other.example",
      "mailto:a@b.example",
    ].map(open),
    ["pane", "pane", "pane", "pane", "tab", "tab", "tab"],
  );
});

test("lists nest to any depth, loose or tight, and everything else is left out", () => {
  const { parts } = bookTree(
    "# T\n\ntext\n\n## P\n\n- [a](1) x\n\n  more\n\n  1. b\n     - [c](2 'no')\n- $x$ `y`\n\n```\ncode\n```\n> # Q\n",
  );
  assert.deepEqual(parts, [
    {
      title: "P",
      items: [
        {
          text: "a",
          after: "x",
          href: "1",
          open: "pane",
          items: [{ text: "b", items: [{ text: "c", href: "2", open: "pane" }] }],
        },
        { text: "x y" },
      ],
    },
  ]);
});

test("the plain text of a note: blocks by line, no markup, no studies", () => {
  assert.equal(
    plainText(
      "---\ntitle: T\n---\n# H *e*\n\na `b` $c$ <b>d</b>[^f]\ne\n\n```ermine\nstudy: s\n```\n\n```py\nx = 1\n```\n\n$$y$$\n\n- i\n- j\n\n[^f]: foot",
    ),
    "H e\na b c d e\nx = 1\ny\ni\nj\nfoot ↩︎",
  );
  assert.equal(describe("# A\n\none two three", 9), "A one…");
  assert.equal(describe("short"), "short");
});
