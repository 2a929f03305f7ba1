import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const style = readFileSync("src/css/colours.css", "utf8");

/** The custom properties of the first block that starts with `selector {`. */
function block(selector: string): Map<string, string> {
  const start = style.indexOf(`\n${selector} {`);
  assert.ok(start >= 0, selector);
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

for (const selector of [":root", ':root[data-theme="dark"]', '  :root,\n  :root[data-theme="dark"]']) {
  test(`text can be read on its surface: ${selector.replace(/\s+/g, " ")}`, () => {
    const colours = block(selector);
    for (const [surface, texts] of pairs) {
      for (const text of texts) {
        const found = contrast(colours.get(text) ?? "", colours.get(surface) ?? "");
        assert.ok(found >= 4.5, `${text} on ${surface}: ${found.toFixed(2)}`);
      }
    }
  });
}

test("every scheme has every colour", () => {
  const names = [...block(":root").keys()].sort();
  for (const selector of [':root[data-theme="dark"]', '  :root,\n  :root[data-theme="dark"]']) {
    assert.deepEqual([...block(selector).keys()].sort(), names);
  }
});
