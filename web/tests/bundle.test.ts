import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dark, light } from "../src/figure/palette";
import { bundle } from "./open";

test("the script can stand between script tags and stays small enough for a page of five megabytes", () => {
  assert.doesNotMatch(bundle.script, /<\/script|<!--/i);
  assert.ok(bundle.script.length < 1_600_000, `${bundle.script.length}`);
});

test("the style sheet asks for nothing: fonts are KaTeX's as woff2, pictures reveal.js' own", () => {
  assert.doesNotMatch(bundle.style, /<\/style/i);
  const addresses = [...bundle.style.matchAll(/url\(["']?([^)"']{0,30})/g)].map((match) => match[1] ?? "");
  assert.equal(addresses.filter((address) => address.startsWith("data:font/woff2;base64,")).length, 20);
  assert.ok(addresses.every((address) => /^data:(?:font\/woff2|image\/(?:gif|svg\+xml));/.test(address)));
  assert.doesNotMatch(bundle.style, /format\(["']?(?:woff|truetype)["']?\)/);
  assert.doesNotMatch(bundle.style, /@import/);
});

test("page and charts have the same surface colours", () => {
  const source = readFileSync("src/css/colours.css", "utf8");
  const declared = (name: string): string[] =>
    [...source.matchAll(new RegExp(`--${name}: (#[0-9a-f]{6})`, "g"))].map((match) => match[1] ?? "");
  for (const name of ["paper", "ink", "muted", "rule"] as const) {
    assert.deepEqual(declared(name), [light[name], dark[name], light[name]], name);
  }
});
