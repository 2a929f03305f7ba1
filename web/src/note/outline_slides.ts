// Where a note that has no line to cut it is cut into slides all the same: at its parts, with a slide for each study, and
// where a slide would hold more text than can be read from the back of a room.

import type { Token } from "./types";

/** Characters of source on a slide, about ten lines. */
const MOST_TEXT = 640;
/** So few more are no reason for another slide. */
const LITTLE_TEXT = 160;

export interface OutlineSlide {
  readonly below: boolean;
  readonly tokens: Token[];
}

/** The blocks of a note, each with all of its tokens. */
function blocks(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = [];
  for (const token of tokens) {
    const starts = token.level === 0 && token.nesting >= 0;
    if (starts || found.length === 0) {
      found.push([]);
    }
    found.at(-1)?.push(token);
  }
  return found;
}

const startsPart = ([first]: readonly Token[]): boolean =>
  first?.type === "heading_open" && (first.tag === "h1" || first.tag === "h2");

const isHeading = ([first]: readonly Token[]): boolean => first?.type === "heading_open";

/** Comments say something of the slide that they stand on. */
const isComment = ([first]: readonly Token[]): boolean =>
  first?.type === "html_block" && first.content.trimStart().startsWith("<!--");

const isStudy = ([first]: readonly Token[]): boolean => first?.type === "study";

const textOf = (block: readonly Token[]): number =>
  block.reduce((sum, { type, content }) => sum + (type === "inline" || type === "fence" ? content.length : 0), 0);

/** At least one slide. Nothing is left out, and the order stays. */
export function outlineSlides(tokens: readonly Token[]): OutlineSlide[] {
  let slide: OutlineSlide = { below: false, tokens: [] };
  const slides = [slide];
  let text = 0;
  let empty = true;
  let onlyHeadings = true;
  let full = false;
  for (const block of blocks(tokens)) {
    const part = startsPart(block);
    const study = isStudy(block);
    const size = textOf(block);
    const long = text + size > MOST_TEXT && size > LITTLE_TEXT;
    if (!empty && (part || (!onlyHeadings && (study || long || full)))) {
      slide = { below: !part, tokens: [] };
      slides.push(slide);
      text = 0;
      empty = true;
      onlyHeadings = true;
    }
    for (const token of block) {
      slide.tokens.push(token);
    }
    text += size;
    empty &&= isComment(block);
    onlyHeadings &&= isHeading(block) || isComment(block);
    full = study;
  }
  return slides;
}
