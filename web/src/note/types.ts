// markdown-it's classes under short names, and what one rendering carries from rule to rule.

export type { MarkdownIt as Parser, Renderer, StateBlock, StateCore, StateInline, Token } from "markdown-it";
import type { Token } from "markdown-it";

export type View = "document" | "slides";

export interface Heading {
  readonly level: number;
  readonly id: string;
  readonly text: string;
  /** Of the note, from 1. */
  readonly line: number;
}

/** A heading at the top level of the note, with what a table of contents needs of it. */
export interface Entry extends Heading {
  readonly inline: readonly Token[];
}

/** One cut of the note into slides: column h, row v, both from 0. */
export interface Slide {
  readonly h: number;
  readonly v: number;
  entry?: Entry;
}

/** What the rules of one rendering share (markdown-it's `env`). */
export interface Shared {
  readonly view: View;
  /** Written into every element that the renderer makes itself and that has an id, a class or data; see sanitise.ts. */
  readonly mark: string;
  /** Lines of the note above the text that is parsed. */
  readonly above: number;
  readonly maxLevel: number;
  readonly reserved: ReadonlySet<string>;
  readonly lines: boolean;
  /** The longest paragraph that is parsed for inline syntax, in units. */
  readonly longest: number;
  readonly entries: Entry[];
  readonly slides: Slide[];
  /** The quote around the text that is being parsed; null: in a list item only; undefined: in neither. */
  quote: Token | null | undefined;
  footnotes?: { list?: { tokens?: Token[]; content?: string; label?: string }[] };
  abbreviations?: Record<string, string>;
}

/** The shared part of a parser state or of a renderer's environment. */
export const shared = (env: unknown): Shared => env as Shared;
