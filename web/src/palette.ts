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
  /** Ordered values, low to high: the middle part of the plasma map, ending where it stands out most from the paper. */
  readonly sequence: readonly string[];
  /** Signed values, low to high, neutral in the middle. */
  readonly diverging: readonly string[];
}

export const light: Palette = {
  paper: "#ffffff",
  ink: "#1b1e24",
  muted: "#565d6b",
  rule: "#d9dde3",
  categories: ["#1f77c9", "#d4500c", "#0f5b44", "#b0358f", "#3b2b01", "#8f8a86"],
  sequence: ["#e87059", "#d9586a", "#c6417d", "#b12a90", "#8808a6", "#5901a5", "#0d0887"],
  diverging: ["#0f4c8a", "#4f8fc9", "#b9d3ea", "#efefef", "#f2c5a6", "#d97a3f", "#8f3206"],
};

export const dark: Palette = {
  paper: "#15171c",
  ink: "#e6e8ec",
  muted: "#a4abb8",
  rule: "#343944",
  categories: ["#71c1f7", "#ee5a1c", "#c2f1dd", "#b07fa5", "#e0b859", "#7480ff"],
  sequence: ["#b12a90", "#c6417d", "#d9586a", "#ef7e50", "#fca636", "#fdc627", "#f0f921"],
  diverging: ["#8cc6ff", "#4f8fc9", "#2b4c6b", "#3a3d44", "#6e4327", "#d97a3f", "#ffb487"],
};
