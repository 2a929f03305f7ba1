// Numbers of equations, and references to them. KaTeX numbers by itself but knows neither \label nor \eqref; so in a note with
// labels the numbers are given here: every line of equation, align, gather and alignat gets a \tag, every label a number and
// a place to land, \eqref{x} and \ref{x} become links. An unknown label leaves its reference as typed.

import type { Parser, StateCore, StateInline, Token } from "../types";
import { slug } from "./heading_ids";

const REFERENCE = /\\(eqref|ref)\{([^{}\n]{1,100})\}/y;
const REFERENCES = new RegExp(REFERENCE.source, "g");
const ALONE = new RegExp(`^${REFERENCE.source}$`);
const NUMBERED = /^\\begin\{(?:equation|align|gather|alignat)\}/;
const PART =
  /\\begin\{[^{}]*\}|\\end\{[^{}]*\}|\\\\|\\(?:nonumber|notag)(?![A-Za-z])|\\tag\*?\{([^{}]*)\}|\\label\{([^{}]*)\}/g;

interface Label {
  readonly number: string;
  readonly id: string;
}

class Numbering {
  readonly labels = new Map<string, Label>();
  private last = 0;

  /** Numbers one display formula: its source with tags in place of labels, and the id of its first label. */
  number(source: string): { readonly source: string; readonly id: string | undefined } {
    const inEnvironment = NUMBERED.test(source);
    if (!inEnvironment && !source.includes("\\label{")) {
      return { source, id: undefined };
    }
    let made = "";
    let done = 0;
    let depth = inEnvironment ? 0 : 1;
    let row = { labels: [] as string[], given: undefined as string | undefined, silent: false, start: 0 };
    let id: string | undefined;
    const endRow = (): void => {
      const blank = /^\s*$/.test(made.slice(row.start)) && row.labels.length === 0;
      const number = row.given ?? (row.silent || blank ? undefined : String((this.last += 1)));
      if (number !== undefined && row.given === undefined) {
        const gap = /\s*$/.exec(made)?.[0] ?? "";
        made = `${made.trimEnd()} \\tag{${number}}${gap.includes("\n") ? "\n" : gap.slice(0, 1)}`;
      }
      for (const label of row.labels) {
        id ??= `eq:${slug(label.replace(/^eq:/, ""))}`;
        this.labels.set(label, { number: number ?? "?", id });
      }
      row = { labels: [], given: undefined, silent: false, start: made.length };
    };
    for (const found of source.matchAll(PART)) {
      const [part, tag, label] = found;
      made += source.slice(done, found.index);
      done = found.index + part.length;
      const ends = depth === 1 && (part === "\\\\" || (inEnvironment && part.startsWith("\\end")));
      if (ends) {
        endRow();
      }
      depth += part.startsWith("\\begin") ? 1 : part.startsWith("\\end") ? -1 : 0;
      row.silent ||= part === "\\nonumber" || part === "\\notag";
      row.given ??= tag;
      if (label === undefined) {
        made += part;
      } else {
        row.labels.push(label);
      }
      if (ends || (inEnvironment && depth === 1 && part.startsWith("\\begin") && row.start === 0)) {
        row.start = made.length;
      }
    }
    made += source.slice(done);
    if (!inEnvironment) {
      endRow();
    }
    return { source: made, id };
  }
}

const isDisplay = (token: Token): boolean =>
  token.type === "math_block" || (token.type === "math_inline" && token.attrGet("class") === "math display");

function* formulas(state: StateCore): Generator<Token> {
  for (const token of state.tokens) {
    if (token.type === "math_block") {
      yield token;
    } else if (token.type === "inline") {
      yield* (token.children ?? []).filter(({ type }) => type === "math_inline");
    }
  }
}

const shownAs = (kind: string | undefined, number: string): string => (kind === "eqref" ? `(${number})` : number);

function link(state: StateCore, token: Token, labels: ReadonlyMap<string, Label>): Token[] {
  if (token.type !== "equation_reference" && token.type !== "math_inline") {
    return [token];
  }
  const [, kind, name = ""] = ALONE.exec(token.content) ?? [];
  const label = labels.get(name);
  if (!label) {
    token.type = token.type === "equation_reference" ? "text" : token.type;
    return [token];
  }
  const open = new state.Token("link_open", "a", 1);
  const text = new state.Token("text", "", 0);
  const close = new state.Token("link_close", "a", -1);
  open.attrs = [["href", `#${label.id}`]];
  text.content = shownAs(kind, label.number);
  return [open, text, close];
}

function equations(state: StateCore): void {
  const all = [...formulas(state)];
  const numbering = new Numbering();
  if (all.some(({ content }) => content.includes("\\label{"))) {
    for (const token of all.filter(isDisplay)) {
      const { source, id } = numbering.number(token.content);
      token.content = source;
      if (id !== undefined) {
        token.attrSet("id", id);
      }
    }
    for (const token of all) {
      if (!ALONE.test(token.content)) {
        token.content = token.content.replace(REFERENCES, (typed: string, kind: string, name: string) => {
          const label = numbering.labels.get(name);
          return label ? `\\text{${shownAs(kind, label.number)}}` : typed;
        });
      }
    }
  }
  for (const token of state.tokens) {
    if (token.type === "inline" && token.content.includes("ref{")) {
      token.children = (token.children ?? []).flatMap((child) => link(state, child, numbering.labels));
    }
  }
}

function equationReference(state: StateInline, silent: boolean): boolean {
  if (state.src.charCodeAt(state.pos) !== 0x5c) {
    return false;
  }
  REFERENCE.lastIndex = state.pos;
  const [source] = REFERENCE.exec(state.src) ?? [];
  if (source === undefined || state.pos + source.length > state.posMax) {
    return false;
  }
  if (!silent) {
    state.push("equation_reference", "", 0).content = source;
  }
  state.pos += source.length;
  return true;
}

export function equationRule(md: Parser): void {
  md.inline.ruler.before("escape", "equation_reference", equationReference);
  md.core.ruler.before("linkify", "equations", equations);
}
