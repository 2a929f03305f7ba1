// Where a note that has no line to cut it is cut into slides all the same: at its parts, with a slide for each study, and
// where a slide would hold more text than can be read from the back of a room.

import type { Token } from "./types";

/** Characters of source on a slide, about ten lines. */
const MOST_TEXT = 640;
/** So few more are no reason for another slide. */
const LITTLE_TEXT = 160;
/** The end of a part, if shorter than this, stays with the slide before unless that would hold more than `MOST_WITH_REST`. */
const SHORT_REST = MOST_TEXT / 2;
const MOST_WITH_REST = 1.25 * MOST_TEXT;

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

/** A slide in the making. */
interface Draft extends OutlineSlide {
  text: number;
  empty: boolean;
  onlyHeadings: boolean;
  hasStudy: boolean;
}

const draft = (below: boolean): Draft => ({
  below,
  tokens: [],
  text: 0,
  empty: true,
  onlyHeadings: true,
  hasStudy: false,
});

/** One by one: there may be more tokens than a call takes arguments. */
function append(slide: OutlineSlide, tokens: readonly Token[]): void {
  for (const token of tokens) {
    slide.tokens.push(token);
  }
}

function add(slide: Draft, block: readonly Token[]): void {
  append(slide, block);
  slide.text += textOf(block);
  slide.empty &&= isComment(block);
  slide.onlyHeadings &&= isHeading(block) || isComment(block);
  slide.hasStudy ||= isStudy(block);
}

/** Whether the slide is the end of a part, too short for a slide of its own, with room for it on the one before. */
function isShortRest(slide: Draft, before: Draft | undefined, after: Draft | undefined): boolean {
  return (
    before !== undefined &&
    slide.below &&
    !after?.below &&
    !slide.hasStudy &&
    !before.hasStudy &&
    slide.text < SHORT_REST &&
    before.text + slide.text <= MOST_WITH_REST
  );
}

/** At least one slide. Nothing is left out, and the order stays. */
export function outlineSlides(tokens: readonly Token[]): OutlineSlide[] {
  let slide = draft(false);
  const drafts = [slide];
  for (const block of blocks(tokens)) {
    const part = startsPart(block);
    const size = textOf(block);
    const long = slide.text + size > MOST_TEXT && size > LITTLE_TEXT;
    if (!slide.empty && (part || (!slide.onlyHeadings && (isStudy(block) || long || slide.hasStudy)))) {
      slide = draft(!part);
      drafts.push(slide);
    }
    add(slide, block);
  }
  const slides: OutlineSlide[] = [];
  drafts.forEach((made, index) => {
    const last = slides.at(-1);
    if (last && isShortRest(made, drafts[index - 1], drafts[index + 1])) {
      append(last, made.tokens);
    } else {
      slides.push(made);
    }
  });
  return slides;
}
