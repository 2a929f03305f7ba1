// Footnotes. The package reads definitions ([^label]: …) and notes in place (^[…]); the rules here read references, number
// them in order of first reference and write the lists: one at the end of the note, or one on each slide.

import footnote from "markdown-it-footnote";
import { shared, type Parser, type StateCore, type StateInline, type Token } from "../types";

const REFERENCE = /\[\^([^\]\s]{1,200})\]/y;

/** What is copied of definitions that several slides refer to; beyond it they are left out there. */
const MOST_COPIED = 50_000;

function reference(state: StateInline, silent: boolean): boolean {
  if (!state.src.startsWith("[^", state.pos)) {
    return false;
  }
  REFERENCE.lastIndex = state.pos;
  const [source, label] = REFERENCE.exec(state.src) ?? [];
  const { refs } = (state.env["footnotes"] ?? {}) as { refs?: Record<string, unknown> };
  if (source === undefined || state.pos + source.length > state.posMax || !refs || !Object.hasOwn(refs, `:${label}`)) {
    return false;
  }
  if (!silent) {
    state.push("footnote_ref", "", 0).meta = { label };
  }
  state.pos += source.length;
  return true;
}

/** Takes the definitions out of the tokens; the first of a label counts. A definition may stand in another one. */
function takeDefinitions(state: StateCore): Map<string, Token[]> {
  const definitions = new Map<string, Token[]>();
  const open: Token[][] = [];
  let into: Token[] = [];
  const rest = into;
  for (const token of state.tokens) {
    if (token.type === "footnote_reference_open") {
      const label = String(token.meta?.["label"]);
      open.push(into);
      into = [];
      if (!definitions.has(label)) {
        definitions.set(label, into);
      }
    } else if (token.type === "footnote_reference_close") {
      into = open.pop() ?? rest;
    } else {
      into.push(token);
    }
  }
  state.tokens = rest;
  return definitions;
}

function copy(tokens: readonly Token[]): Token[] {
  return tokens.map((token) =>
    Object.assign(Object.create(Object.getPrototypeOf(token) as object) as Token, token, {
      attrs: token.attrs?.map(([name, value]) => [name, value]) ?? null,
      children: token.children ? copy(token.children) : null,
    }),
  );
}

interface Footnote {
  readonly number: number;
  readonly content: Token[];
  references: number;
}

/** The footnotes of one note or slide. */
class List {
  private readonly notes: Footnote[] = [];
  private readonly byLabel = new Map<string, Footnote>();
  private written = 0;

  constructor(
    private readonly state: StateCore,
    private readonly prefix: string,
    private readonly contentOf: (label: string) => Token[],
  ) {}

  /** Writes the references of an inline token. */
  refer(inline: Token): void {
    inline.children = (inline.children ?? []).flatMap((token) =>
      token.type === "footnote_ref" ? this.mark(this.noteOf(token)) : [token],
    );
  }

  /** The list of what has been referred to since the last one; empty if nothing was. */
  take(): Token[] {
    for (let index = this.written; index < this.notes.length; index += 1) {
      this.notes[index]?.content
        .filter(({ type }) => type === "inline")
        .forEach((inline) => {
          this.refer(inline);
        });
    }
    const due = this.notes.slice(this.written);
    const [first] = due;
    this.written = this.notes.length;
    if (!first) {
      return [];
    }
    const start: Record<string, string> = first.number === 1 ? {} : { start: String(first.number) };
    return [
      this.token("footnotes_separator", "hr", 0, { class: "footnotes-sep" }),
      this.token("footnotes_open", "section", 1, { class: "footnotes" }),
      this.token("footnotes_list_open", "ol", 1, { class: "footnotes-list", ...start }),
      ...due.flatMap((note) => this.item(note)),
      this.token("footnotes_list_close", "ol", -1),
      this.token("footnotes_close", "section", -1),
    ];
  }

  private noteOf(reference: Token): Footnote {
    const label = reference.meta?.["label"] as string | undefined;
    const known = label === undefined ? undefined : this.byLabel.get(label);
    if (known) {
      known.references += 1;
      return known;
    }
    const content = label === undefined ? this.inPlace(Number(reference.meta?.["id"])) : this.contentOf(label);
    const note: Footnote = { number: this.notes.length + 1, content, references: 1 };
    this.notes.push(note);
    if (label !== undefined) {
      this.byLabel.set(label, note);
    }
    return note;
  }

  private inPlace(index: number): Token[] {
    const note = shared(this.state.env).footnotes?.list?.[index];
    const inline = this.token("inline", "", 0);
    inline.content = note?.content ?? "";
    inline.children = note?.tokens ?? [];
    return [this.token("paragraph_open", "p", 1), inline, this.token("paragraph_close", "p", -1)];
  }

  private mark({ number, references }: Footnote): Token[] {
    const again = references > 1 ? `:${references - 1}` : "";
    const id = `${this.prefix}${number}`;
    return [
      this.token("footnote_mark_open", "sup", 1, { class: "footnote-ref" }, false),
      this.token("link_open", "a", 1, { href: `#fn${id}`, id: `fnref${id}${again}` }, false),
      this.text(`[${number}${again}]`),
      this.token("link_close", "a", -1, {}, false),
      this.token("footnote_mark_close", "sup", -1, {}, false),
    ];
  }

  private item({ number, content, references }: Footnote): Token[] {
    const id = `${this.prefix}${number}`;
    const back = Array.from({ length: references }, (_, n) => [
      this.text(" "),
      this.token("link_open", "a", 1, { href: `#fnref${id}${n > 0 ? `:${n}` : ""}`, class: "footnote-backref" }, false),
      this.text("\u21a9\ufe0e"),
      this.token("link_close", "a", -1, {}, false),
    ]).flat();
    const last = content.at(-1)?.type === "paragraph_close" ? content.at(-2) : undefined;
    const alone = this.token("inline", "", 0);
    alone.children = back;
    if (last) {
      last.children = [...(last.children ?? []), ...back];
    }
    return [
      this.token("footnote_item_open", "li", 1, { id: `fn${id}`, class: "footnote-item" }),
      ...content,
      ...(last ? [] : [alone]),
      this.token("footnote_item_close", "li", -1),
    ];
  }

  private text(content: string): Token {
    const token = this.token("text", "", 0, {}, false);
    token.content = content;
    return token;
  }

  private token(
    type: string,
    tag: string,
    nesting: -1 | 0 | 1,
    attrs: Record<string, string> = {},
    block = true,
  ): Token {
    const token = new this.state.Token(type, tag, nesting);
    token.attrs = Object.keys(attrs).length > 0 ? Object.entries(attrs) : null;
    token.block = block;
    return token;
  }
}

function footnotes(state: StateCore): void {
  const env = shared(state.env);
  const definitions = takeDefinitions(state);
  let copied = 0;
  const used = new Set<string>();
  const contentOf = (label: string): Token[] => {
    const content = definitions.get(label) ?? [];
    if (!used.has(label)) {
      used.add(label);
      return env.view === "slides" ? copy(content) : content;
    }
    copied += content.length;
    return copied > MOST_COPIED ? [] : copy(content);
  };
  const made: Token[] = [];
  const put = (tokens: readonly Token[]): void => {
    for (const token of tokens) {
      made.push(token);
    }
  };
  let slide = 0;
  let list = new List(state, "", contentOf);
  for (const token of state.tokens) {
    if (token.type === "slide_open") {
      slide += 1;
      list = new List(state, `${slide}.`, contentOf);
    } else if (token.type === "slide_close" || token.type === "notes_open" || token.type === "notes_close") {
      put(list.take());
    } else if (token.type === "inline") {
      list.refer(token);
    }
    made.push(token);
  }
  put(list.take());
  state.tokens = made;
}

export function footnoteRule(md: Parser): void {
  md.use(footnote);
  md.inline.ruler.at("footnote_ref", reference);
  md.core.ruler.at("footnote_tail", footnotes);
}
