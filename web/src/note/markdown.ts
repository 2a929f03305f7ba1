// The parser: markdown-it with the packages and rules of the dialect, in the order in which they apply.

import MarkdownIt from "markdown-it";
import deflist from "markdown-it-deflist";
import ins from "markdown-it-ins";
import mark from "markdown-it-mark";
import sub from "markdown-it-sub";
import sup from "markdown-it-sup";
import { abbreviationRule } from "./rules/abbreviations";
import { alertRule } from "./rules/alerts";
import { codeRule } from "./rules/code";
import { emojiRule } from "./rules/emoji";
import { equationRule } from "./rules/equations";
import { externalRule } from "./rules/externals";
import { footnoteRule } from "./rules/footnotes";
import { headingIdRule } from "./rules/heading_ids";
import { htmlInlineRule } from "./rules/html_inline";
import { imageSizeRule } from "./rules/image_size";
import { imageTextRule } from "./rules/image_text";
import { inlineRule } from "./rules/inline";
import { linkifyRule } from "./rules/linkify";
import { mathBlockRule } from "./rules/math_block";
import { mathEnvironmentRule } from "./rules/math_environment";
import { mathInlineRule } from "./rules/math_inline";
import { ownRule } from "./rules/own";
import { quoteTagRule } from "./rules/quote_tags";
import { rubyRule } from "./rules/ruby";
import { speakerNotesRule } from "./rules/speaker_notes";
import { tableRule } from "./rules/tables";
import { taskListRule } from "./rules/task_lists";
import { tocRule } from "./rules/toc";
import { valueRule } from "./rules/value";
import { slideRules } from "./slides";
import type { Parser, Shared, Token } from "./types";

/** What differs from note to note. */
export interface Settings {
  readonly breaks: boolean;
  readonly typographer: boolean;
  /** Addresses in running text become links. */
  readonly linkify: boolean;
}

function createParser(): Parser {
  const md = new MarkdownIt({ html: true });
  for (const plugin of [deflist, ins, mark, sub, sup]) {
    md.use(plugin);
  }
  for (const rule of [
    inlineRule,
    mathInlineRule,
    mathBlockRule,
    mathEnvironmentRule,
    equationRule,
    valueRule,
    rubyRule,
    linkifyRule,
    emojiRule,
    imageSizeRule,
    imageTextRule,
    quoteTagRule,
    htmlInlineRule,
    footnoteRule,
    abbreviationRule,
    alertRule,
    codeRule,
    externalRule,
    tocRule,
    tableRule,
    taskListRule,
    speakerNotesRule,
    slideRules,
    headingIdRule,
    ownRule,
  ]) {
    rule(md);
  }
  return md;
}

let parser: Parser | undefined;

/** The one parser, set up for a note. */
function parserFor({ breaks, typographer, linkify }: Settings): Parser {
  parser ??= createParser();
  return parser.set({ breaks, typographer, linkify });
}

/** Parses; `env` is filled with headings and slides. */
export const parse = (text: string, env: Shared, settings: Settings): Token[] =>
  parserFor(settings).parse(text, env as unknown as Record<string, unknown>);

export function markdownToHtml(text: string, env: Shared, settings: Settings): string {
  const md = parserFor(settings);
  const plain = env as unknown as Record<string, unknown>;
  return md.renderer.render(md.parse(text, plain), md.options, plain);
}

/** What a rendering starts from. */
export const startOf = (given: Partial<Shared>): Shared => ({
  view: "document",
  mark: "",
  above: 0,
  maxLevel: 3,
  reserved: new Set(),
  lines: false,
  longest: Infinity,
  entries: [],
  slides: [],
  quote: undefined,
  ...given,
});
