// Attributes that a slide or an element on it takes from a comment: <!-- .slide: k="v" --> and <!-- .element: k="v" -->.
// Each value is checked as its attribute's kind; what does not fit is left out.

import { publicClasses } from "./classes";

const COMMENT = /^<!--\s*\.(slide|element):([\s\S]*?)-->\s*$/;
const PAIR = /([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?/gi;

const COLOUR = /^(?:#[0-9a-f]{3,8}|[a-z]{1,30}|(?:rgb|hsl)a?\([\d\s.,%/]{1,60}\))$/i;
const OWN_OR_HTTPS = /^(?:https:\/\/|(?![a-z][a-z0-9+.-]*:|\/\/))[^\s"'()\\<>]{1,2000}$/i;
const POSITION = /^[a-z0-9.% -]{1,40}$/i;
const WORDS = /^[a-z -]{1,40}$/;

const KINDS: Readonly<Record<string, (value: string) => boolean>> = {
  "data-background": (value) => COLOUR.test(value) || OWN_OR_HTTPS.test(value),
  "data-background-color": (value) => COLOUR.test(value),
  "data-background-image": (value) => OWN_OR_HTTPS.test(value),
  "data-background-size": (value) => POSITION.test(value),
  "data-background-position": (value) => POSITION.test(value),
  "data-background-repeat": (value) => WORDS.test(value),
  "data-background-opacity": (value) => /^(?:0?\.\d{1,4}|0|1)$/.test(value),
  "data-transition": (value) => WORDS.test(value),
  "data-transition-speed": (value) => ["default", "fast", "slow"].includes(value),
  "data-fragment-index": (value) => /^\d{1,3}$/.test(value),
  "data-auto-animate": (value) => value === "",
  "data-autoslide": (value) => /^\d{1,7}$/.test(value),
  "data-visibility": (value) => value === "hidden" || value === "uncounted",
};

export const SLIDE_ATTRIBUTES: readonly string[] = Object.keys(KINDS);

export interface SlideComment {
  readonly of: "slide" | "element";
  readonly attributes: readonly (readonly [string, string])[];
}

/** Reads a comment of raw HTML; undefined: it is not one of these. */
export function slideComment(html: string): SlideComment | undefined {
  const [, of, text = ""] = COMMENT.exec(html) ?? [];
  if (of === undefined) {
    return undefined;
  }
  const attributes: [string, string][] = [];
  for (const [, given = "", double, single] of text.slice(0, 4000).matchAll(PAIR)) {
    const name = given.toLowerCase();
    const value = (double ?? single ?? "").trim();
    const classes = name === "class" ? publicClasses(value) : "";
    if (classes !== "") {
      attributes.push([name, classes]);
    } else if (Object.hasOwn(KINDS, name) && KINDS[name]?.(value)) {
      attributes.push([name, value]);
    }
  }
  return { of: of === "slide" ? "slide" : "element", attributes };
}
