// Looks for words in the chapters of a book. A chapter is found when it holds every word, as a part of any of its own; case and
// accents do not count. Words in titles weigh more, and whole words more than parts.

import type { ChapterText } from "./book_data";

export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

export interface Found {
  readonly chapter: ChapterText;
  readonly score: number;
  /** A stretch of the chapter around the first place where a word stands. */
  readonly snippet: readonly Piece[];
}

const TITLE_WEIGHT = 12;
const WHOLE_WORD_WEIGHT = 3;
/** More of the same word adds no more. */
const MOST_COUNTED = 10;
const BEFORE = 50;
const AFTER = 110;

/** Letter by letter, so that a place in the plain text is the same place in the text. */
function plain(text: string): string {
  return Array.from({ length: text.length }, (_, n) => {
    const unit = text[n] ?? "";
    const bare = unit.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    return bare.length === 1 ? bare : unit;
  }).join("");
}

function places(text: string, word: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(word); at >= 0 && found.length < MOST_COUNTED; at = text.indexOf(word, at + word.length)) {
    found.push(at);
  }
  return found;
}

const isLetter = (unit: string | undefined): boolean => unit !== undefined && /[\p{L}\p{N}]/u.test(unit);

function weight(text: string, word: string): number {
  return places(text, word)
    .map((at) => (isLetter(text[at - 1]) || isLetter(text[at + word.length]) ? 1 : WHOLE_WORD_WEIGHT))
    .reduce((sum, one) => sum + one, 0);
}

function marked(text: string, words: readonly string[]): Piece[] {
  const folded = plain(text);
  const hits = new Array<boolean>(text.length).fill(false);
  for (const word of words) {
    for (const at of places(folded, word)) {
      hits.fill(true, at, at + word.length);
    }
  }
  const pieces: Piece[] = [];
  let start = 0;
  for (let n = 1; n <= text.length; n += 1) {
    if (n === text.length || hits[n] !== hits[start]) {
      pieces.push({ text: text.slice(start, n), hit: hits[start] ?? false });
      start = n;
    }
  }
  return pieces;
}

/** Cut between words. */
function around(text: string, at: number): string {
  let from = Math.max(0, at - BEFORE);
  let to = Math.min(text.length, at + AFTER);
  if (from > 0) {
    const blank = text.indexOf(" ", from);
    from = blank >= 0 && blank < at ? blank + 1 : from;
  }
  if (to < text.length) {
    const blank = text.lastIndexOf(" ", to);
    to = blank > at ? blank : to;
  }
  return `${from > 0 ? "… " : ""}${text.slice(from, to)}${to < text.length ? " …" : ""}`;
}

export const wordsOf = (query: string): string[] => [
  ...new Set(
    plain(query)
      .split(/\s+/)
      .filter((word) => word !== ""),
  ),
];

export class Search {
  private readonly chapters: readonly {
    readonly chapter: ChapterText;
    readonly title: string;
    readonly text: string;
  }[];

  constructor(chapters: readonly ChapterText[]) {
    this.chapters = chapters.map((chapter) => ({
      chapter,
      title: plain(chapter.title),
      text: plain(chapter.text),
    }));
  }

  /** The chapters that hold every word of the query, best first. */
  find(query: string): Found[] {
    const words = wordsOf(query);
    if (words.length === 0) {
      return [];
    }
    return this.chapters
      .map(({ chapter, title, text }) => {
        const scores = words.map((word) => TITLE_WEIGHT * weight(title, word) + weight(text, word));
        const first = Math.min(...words.map((word) => text.indexOf(word)).filter((at) => at >= 0), text.length);
        return {
          chapter,
          score: scores.includes(0) ? 0 : scores.reduce((sum, one) => sum + one, 0),
          snippet:
            first < text.length ? marked(around(chapter.text, first), words) : marked(around(chapter.text, 0), []),
        };
      })
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score);
  }
}
