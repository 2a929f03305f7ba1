// The plain text of a note, for search and descriptions: prose, formulas and code, one block a line, without markup, raw HTML,
// speaker notes' marks or the studies' YAML.

import { readFrontMatter } from "./front_matter";
import { plainInline } from "./inline_text";
import { LONGEST_PARAGRAPH, MOST_UNITS } from "./limits";
import { parse, startOf } from "./markdown";
import { normalise } from "./text";

const TEXTS = new Set(["code_block", "fence", "math_block"]);

export function plainText(source: string): string {
  const { body } = readFrontMatter(normalise(source).slice(0, MOST_UNITS));
  const tokens = parse(body, startOf({ longest: LONGEST_PARAGRAPH }), {
    breaks: false,
    typographer: true,
    linkify: false,
  });
  return tokens
    .map(({ type, content, children }) =>
      type === "inline" ? plainInline(children ?? []) : TEXTS.has(type) ? content : "",
    )
    .map((text) => text.replace(/\s+/g, " ").trim())
    .filter((text) => text !== "")
    .join("\n");
}

/** What describes a note that has no description of its own: its first words. */
export function describe(source: string, most = 100): string {
  const words = plainText(source).replace(/\n/g, " ");
  return words.length <= most ? words : `${words.slice(0, most).replace(/\s+\S*$/, "")}…`;
}
