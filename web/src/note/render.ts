// The renderer: text of a note in, safe DOM out. Formulas, code colours, figures and values are upgraded afterwards, in the DOM.

import type { Problem } from "./front_matter";
import { toHtml } from "./html";
import type { Meta } from "./meta";
import { sanitise } from "./sanitise";
import type { Heading, View } from "./types";

export type { Heading, Meta, Problem, View };

export interface RenderOptions {
  /** Default: document. */
  readonly view?: View;
  /** Ids that headings must not take: those of the page's sections and figures. */
  readonly reserved?: ReadonlySet<string>;
  /** `data-line` on top-level blocks, for a preview. */
  readonly lines?: boolean;
}

export interface Note {
  /** Front matter and what follows from the text; `title` is always set. */
  readonly meta: Meta;
  /** Why the front matter was not understood; to be shown above the note. */
  readonly problem?: Problem;
  /** Top-level headings in order. */
  readonly headings: readonly Heading[];
  /** Sanitised. For slides: `section` elements. */
  readonly body: DocumentFragment;
}

/** A text that nobody can guess who wrote the note. */
function freshMark(): string {
  return [...window.crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16)).join("-");
}

export function render(text: string, options: RenderOptions = {}): Note {
  const mark = freshMark();
  const { html, ...rest } = toHtml(text, { ...options, mark });
  return { ...rest, body: sanitise(html, { mark, slides: options.view === "slides" }) };
}
