// Colours that readers with a colour vision deficiency tell apart. Deficiencies are simulated by the matrices of Machado,
// Oliveira and Fernandes (2009), severity 1, on linear sRGB; distances are Euclidean in Oklab (Ottosson 2020), where the
// Okabe-Ito palette has a smallest distance of 0.076.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dark, light, type Palette } from "../src/figure/palette";

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

const visions: Record<string, Matrix> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const toLms: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const toLab: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];

const map = (v: Triple, f: (x: number) => number): Triple => [f(v[0]), f(v[1]), f(v[2])];
const times = (m: Matrix, v: Triple): Triple => {
  const row = (r: Triple): number => r[0] * v[0] + r[1] * v[1] + r[2] * v[2];
  return [row(m[0]), row(m[1]), row(m[2])];
};

function linear(hex: string): Triple {
  const channel = (from: number): number => {
    const value = parseInt(hex.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const oklab = (rgb: Triple): Triple => times(toLab, map(times(toLms, rgb), Math.cbrt));
const seen = (hex: string, vision: Matrix): Triple =>
  oklab(map(times(vision, linear(hex)), (x) => Math.min(1, Math.max(0, x))));
const distance = (a: Triple, b: Triple): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

const luminance = (hex: string): number => {
  const [r, g, b] = linear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number =>
  (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05);

const palettes: [string, Palette][] = [
  ["light", light],
  ["dark", dark],
];

for (const [name, palette] of palettes) {
  test(`${name}: categories stay apart in every colour vision`, () => {
    for (const [vision, matrix] of Object.entries(visions)) {
      palette.categories.forEach((a, i) => {
        palette.categories.slice(0, i).forEach((b) => {
          const apart = distance(seen(a, matrix), seen(b, matrix));
          assert.ok(apart > 0.09, `${a} and ${b} are ${apart.toFixed(3)} apart in ${vision}`);
        });
      });
    }
  });

  test(`${name}: the sequence goes one way in lightness, in every colour vision`, () => {
    for (const [vision, matrix] of Object.entries(visions)) {
      const lightness = palette.sequence.map((colour) => seen(colour, matrix)[0]);
      const steps = lightness.slice(1).map((value, n) => value - (lightness[n] ?? 0));
      assert.ok(
        steps.every((step) => Math.sign(step) === Math.sign(steps[0] ?? 0) && Math.abs(step) > 0.02),
        `${vision}: ${steps.map((step) => step.toFixed(3)).join(" ")}`,
      );
    }
  });

  test(`${name}: signs are told apart, and their strengths, in every colour vision`, () => {
    for (const [vision, matrix] of Object.entries(visions)) {
      const colours = palette.diverging.map((colour) => seen(colour, matrix));
      const middle = (colours.length - 1) / 2;
      colours.forEach((colour, n) => {
        const opposite = colours[colours.length - 1 - n];
        const next = colours[n + 1];
        assert.ok(!opposite || n === middle || distance(colour, opposite) > 0.06, `${n} and its opposite in ${vision}`);
        assert.ok(!next || distance(colour, next) > 0.04, `${n} and ${n + 1} in ${vision}`);
      });
    }
  });

  test(`${name}: text and marks have the contrast that WCAG 2.2 AA asks for`, () => {
    for (const text of [palette.ink, palette.muted]) {
      assert.ok(contrast(text, palette.paper) >= 4.5, text);
    }
    for (const colour of palette.categories) {
      assert.ok(contrast(colour, palette.paper) >= 3, `${colour} ${contrast(colour, palette.paper)}`);
    }
  });

  test(`${name}: regions of a map are told apart without hue`, () => {
    const { first, edge, second, ground } = palette.regions;
    for (const [vision, matrix] of Object.entries(visions)) {
      for (const other of [ground, palette.paper]) {
        const apart = distance(seen(first, matrix), seen(other, matrix));
        assert.ok(apart > 0.09, `${first} and ${other} are ${apart.toFixed(3)} apart in ${vision}`);
      }
    }
    // Hatching and edges are thin: they need the contrast of marks on all that they lie on.
    for (const under of [first, ground, palette.paper]) {
      assert.ok(contrast(second, under) >= 3, `${second} on ${under}: ${contrast(second, under)}`);
    }
    assert.ok(contrast(edge, palette.paper) >= 3, `${edge} ${contrast(edge, palette.paper)}`);
    assert.ok(contrast(palette.ink, first) >= 4.5, `ink on ${first} ${contrast(palette.ink, first)}`);
  });
}
