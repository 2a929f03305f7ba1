// The colours of paper, ink and data, for a light and a dark page. The same surface colours stand in page.css as custom
// properties; a test compares the two.

export interface Palette {
  /** Surfaces and text. */
  readonly paper: string;
  readonly ink: string;
  readonly muted: string;
  readonly rule: string;
  /** Names without an order. Every pair stays apart under protanopia, deuteranopia and tritanopia. */
  readonly categories: readonly string[];
  /** Ordered values, low to high: lightness goes one way, and the high end stands out most from the paper. */
  readonly sequence: readonly string[];
  /** What filled areas (cells of a grid) start from, below the sequence: close to the paper. */
  readonly nothing: string;
  /** Signed values, low to high, neutral in the middle. */
  readonly diverging: readonly string[];
  /** Of a map: one region is filled, the other is hatched on a pale ground, and where both are, one is hatched on the other. */
  readonly regions: {
    readonly first: string;
    readonly edge: string;
    readonly second: string;
    readonly ground: string;
  };
}

export const light: Palette = {
  paper: "#ffffff",
  ink: "#1b1e24",
  muted: "#565d6b",
  rule: "#d9dde3",
  categories: ["#1f77c9", "#d4500c", "#0f5b44", "#b0358f", "#3b2b01", "#8f8a86"],
  sequence: ["#cf8a00", "#d9662c", "#c43c6e", "#8c2391", "#4a1a86", "#120845"],
  nothing: "#fdf0d5",
  diverging: ["#0f4c8a", "#4f8fc9", "#b9d3ea", "#efefef", "#f2c5a6", "#d97a3f", "#8f3206"],
  regions: { first: "#83c795", edge: "#1c7a3a", second: "#b3087c", ground: "#fbe3f3" },
};

export const dark: Palette = {
  paper: "#15171c",
  ink: "#e6e8ec",
  muted: "#a4abb8",
  rule: "#343944",
  categories: ["#71c1f7", "#ee5a1c", "#c2f1dd", "#b07fa5", "#e0b859", "#7480ff"],
  sequence: ["#a83aa0", "#d0457a", "#ef6f4f", "#fca636", "#f6e04a", "#ffffc8"],
  nothing: "#2b1d38",
  diverging: ["#8cc6ff", "#4f8fc9", "#2b4c6b", "#3a3d44", "#6e4327", "#d97a3f", "#ffb487"],
  regions: { first: "#1f6438", edge: "#86dc9d", second: "#ff9ddb", ground: "#3d1f36" },
};
