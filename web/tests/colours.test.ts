import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const style = readFileSync("src/css/colours.css", "utf8");

const LIGHT = "\n:root,\n.reveal section.has-light-background {";
const DARK = '\n:root[data-theme="dark"],\n.reveal section.has-dark-background {';
const PAPER = '\n  :root,\n  :root[data-theme="dark"] {';

/** The custom properties of the block that starts so. */
function block(head: string): Map<string, string> {
  const start = style.indexOf(head);
  assert.ok(start >= 0, head);
  const text = style.slice(start, style.indexOf("}", start));
  return new Map([...text.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));
}

/** Relative luminance and contrast as WCAG 2 defines them. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const code = ["keyword", "string", "number", "comment", "title", "type"].map((name) => `code-${name}`);
const pairs: readonly (readonly [string, readonly string[]])[] = [
  ["paper", ["ink", "muted", "link", "error"]],
  ["surface", ["ink", "muted", ...code]],
  ["error-surface", ["ink", "error"]],
  ["info-surface", ["ink", "info", "link"]],
  ["success-surface", ["ink", "success", "link"]],
  ["warning-surface", ["ink", "warning", "link"]],
  ["mark", ["ink"]],
];

for (const [name, head] of Object.entries({ light: LIGHT, dark: DARK, paper: PAPER })) {
  test(`text can be read on its surface: ${name}`, () => {
    const colours = block(head);
    for (const [surface, texts] of pairs) {
      for (const text of texts) {
        const found = contrast(colours.get(text) ?? "", colours.get(surface) ?? "");
        assert.ok(found >= 4.5, `${text} on ${surface}: ${found.toFixed(2)}`);
      }
    }
  });
}

test("every scheme has every colour", () => {
  const names = [...block(LIGHT).keys()].sort();
  for (const head of [DARK, PAPER]) {
    assert.deepEqual([...block(head).keys()].sort(), names);
  }
});
