// Options of slides that a note may set. Each is checked; nothing else reaches reveal.js, least of all what loads scripts.

import type { RevealConfig } from "reveal.js";
import type { Scheme } from "./scheme";

const TRANSITIONS = ["none", "fade", "slide", "convex", "concave", "zoom"] as const;
const SPEEDS = ["default", "fast", "slow"] as const;
const NUMBERS = ["h.v", "h/v", "c", "c/t"] as const;

type Check = (value: unknown) => boolean;

const isBoolean: Check = (value) => typeof value === "boolean";
const oneOf =
  (words: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && words.includes(value);
const between =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === "number" && value >= least && value <= most;

const ALLOWED: Readonly<Record<string, Check>> = {
  transition: oneOf(TRANSITIONS),
  transitionSpeed: oneOf(SPEEDS),
  backgroundTransition: oneOf(TRANSITIONS),
  controls: isBoolean,
  progress: isBoolean,
  slideNumber: (value) => isBoolean(value) || oneOf(NUMBERS)(value),
  center: isBoolean,
  loop: isBoolean,
  rtl: isBoolean,
  shuffle: isBoolean,
  fragments: isBoolean,
  autoSlide: (value) => value === false || between(0, 3_600_000)(value),
  autoSlideStoppable: isBoolean,
  width: between(320, 4096),
  height: between(240, 4096),
  margin: between(0, 0.5),
  minScale: between(0.01, 10),
  maxScale: between(0.01, 10),
};

/** The theme names of reveal.js, so that notes written for it look as light or as dark as they were meant. */
const THEMES: Readonly<Record<string, Scheme>> = {
  light: "light",
  white: "light",
  "white-contrast": "light",
  beige: "light",
  sky: "light",
  serif: "light",
  simple: "light",
  solarized: "light",
  dark: "dark",
  black: "dark",
  "black-contrast": "dark",
  league: "dark",
  night: "dark",
  moon: "dark",
  blood: "dark",
  dracula: "dark",
};

export interface SlideOptions {
  /** For reveal.js. */
  readonly deck: RevealConfig;
  readonly scheme?: Scheme;
  /** Length of the talk, for the speaker's clock. */
  readonly minutes?: number;
}

export function slideOptions(written: Readonly<Record<string, unknown>>): SlideOptions {
  const deck: Record<string, unknown> = {};
  for (const [key, check] of Object.entries(ALLOWED)) {
    const value = Object.hasOwn(written, key) ? written[key] : undefined;
    if (value !== undefined && check(value)) {
      deck[key] = value;
    }
  }
  const theme = written["theme"];
  const scheme = typeof theme === "string" && Object.hasOwn(THEMES, theme) ? THEMES[theme] : undefined;
  const minutes = written["allottedMinutes"];
  return {
    deck: deck as RevealConfig,
    ...(scheme === undefined ? {} : { scheme }),
    ...(typeof minutes === "number" && between(1, 1440)(minutes) ? { minutes } : {}),
  };
}
