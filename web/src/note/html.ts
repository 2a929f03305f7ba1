// A note as HTML text, before the sanitiser and without a DOM: front matter, parser, metadata.

import { readFrontMatter, type Problem } from "./front_matter";
import { LONGEST_PARAGRAPH, MOST_UNITS } from "./limits";
import { markdownToHtml, startOf } from "./markdown";
import { completeMeta, readHead, type Meta } from "./meta";
import { escapeHtml, normalise } from "./text";
import { ownMark } from "./rules/own";
import type { Heading, View } from "./types";

export interface HtmlOptions {
  readonly view?: View;
  /** Ids that headings must not take. */
  readonly reserved?: ReadonlySet<string>;
  /** Line numbers on top-level blocks, for a preview. */
  readonly lines?: boolean;
  /** Written into the renderer's own elements; see sanitise.ts. */
  readonly mark?: string;
}

export interface Html {
  readonly html: string;
  readonly meta: Meta;
  readonly problem?: Problem;
  readonly headings: readonly Heading[];
}

const preformatted = (text: string): string => `<pre>\n${escapeHtml(text)}</pre>\n`;

/** The note as plain text, with the reason above it. */
const asText = (text: string, reason: string, own: string): string =>
  `<div class="alert alert-warning" role="note"${own}>\n<p>Shown as plain text: ${escapeHtml(reason)}.</p>\n</div>\n${preformatted(text)}`;

export function toHtml(source: string, options: HtmlOptions = {}): Html {
  const { view = "document", reserved = new Set<string>(), lines = false, mark = "" } = options;
  const text = normalise(source);
  const { values, unread, body, above, problem } = readFrontMatter(text);
  const head = readHead(values);
  const env = startOf({ view, mark, above, maxLevel: head.toc.maxLevel, lines, longest: LONGEST_PARAGRAPH, reserved });
  const alone = (block: string): string => (view === "slides" ? `<section>\n${block}</section>\n` : block);
  const html = (): string => {
    if (text.length > MOST_UNITS) {
      const reason = `it has ${text.length} characters, and at most ${MOST_UNITS} are rendered`;
      return alone(asText(text, reason, ownMark(env)));
    }
    const unreadable = unread === undefined ? "" : alone(preformatted(unread));
    return unreadable + markdownToHtml(body, env, { ...head, linkify: true });
  };
  return {
    html: html(),
    meta: completeMeta(head, env.entries),
    ...(problem && { problem }),
    headings: env.entries.map(({ level, id, text: words, line }) => ({ level, id, text: words, line })),
  };
}
