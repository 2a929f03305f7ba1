// A note as slides. The parsed break cuts: a top-level line of exactly three hyphens starts a slide to the right, of exactly
// four a slide below. Speaker notes go into an aside; attributes come from comments.

import { slideComment, type SlideComment } from "./slide_attributes";
import { shared, type Parser, type StateCore, type Token } from "./types";

interface Part {
  readonly below: boolean;
  readonly tokens: Token[];
  notes: Token[] | undefined;
}

/** Puts "Note:" back in front of a line where notes had already begun. */
function asText(state: StateCore, mark: Token, next: Token | undefined, inline: Token | undefined): Token[] {
  const sameLine = next?.type === "paragraph_open" && next.map?.[0] === mark.map?.[0] && inline !== undefined;
  if (sameLine) {
    inline.content = `${mark.content} ${inline.content}`;
    return [];
  }
  const open = new state.Token("paragraph_open", "p", 1);
  const text = new state.Token("inline", "", 0);
  const close = new state.Token("paragraph_close", "p", -1);
  open.block = text.block = close.block = true;
  text.content = mark.content;
  text.children = [];
  return [open, text, close];
}

function cut(state: StateCore): Part[] {
  const lines = state.src.split("\n");
  let part: Part = { below: false, tokens: [], notes: undefined };
  const parts = [part];
  state.tokens.forEach((token, index) => {
    const line = token.type === "hr" && token.level === 0 ? lines[token.map?.[0] ?? -1]?.trimEnd() : undefined;
    if (line === "---" || line === "----") {
      part = { below: line === "----", tokens: [], notes: undefined };
      parts.push(part);
    } else if (token.type !== "speaker_notes") {
      (part.notes ?? part.tokens).push(token);
    } else if (part.notes) {
      part.notes.push(...asText(state, token, state.tokens[index + 1], state.tokens[index + 2]));
    } else {
      part.notes = [];
    }
  });
  return parts;
}

function element(state: StateCore, type: string, tag: string, nesting: -1 | 1): Token {
  const token = new state.Token(type, tag, nesting);
  token.block = true;
  return token;
}

/** Wraps the parts in sections: a column of one slide is a section, a column of several a section of sections. */
function sections(state: StateCore): void {
  const env = shared(state.env);
  if (env.view !== "slides") {
    return;
  }
  const columns: Part[][] = [];
  for (const part of cut(state)) {
    if (part.below) {
      columns.at(-1)?.push(part);
    } else {
      columns.push([part]);
    }
  }
  const made: Token[] = [];
  const put = (tokens: readonly Token[]): void => {
    for (const token of tokens) {
      made.push(token);
    }
  };
  columns.forEach((column, h) => {
    const several = column.length > 1;
    if (several) {
      made.push(element(state, "column_open", "section", 1));
    }
    column.forEach(({ tokens, notes }, v) => {
      env.slides.push({ h, v });
      made.push(element(state, "slide_open", "section", 1));
      put(tokens);
      if (notes) {
        const aside = element(state, "notes_open", "aside", 1);
        aside.attrs = [["class", "notes"]];
        made.push(aside);
        put(notes);
        made.push(element(state, "notes_close", "aside", -1));
      }
      made.push(element(state, "slide_close", "section", -1));
    });
    if (several) {
      made.push(element(state, "column_close", "section", -1));
    }
  });
  state.tokens = made;
}

const VOID = new Set(["fence", "study", "math_block", "code_block", "hr", "toc", "external"]);

/** Applies the comments to slides and elements, and takes them out. */
function comments(state: StateCore): void {
  if (shared(state.env).view !== "slides") {
    return;
  }
  let slide: Token | undefined;
  /** Blocks around the current token, and the block before it at each depth. */
  const open: Token[] = [];
  const before: (Token | undefined)[] = [undefined];
  const apply = ({ of, attributes }: SlideComment, target: Token | undefined): void => {
    const at = of === "slide" ? slide : target;
    for (const [name, value] of attributes) {
      if (name === "class") {
        at?.attrJoin(name, value);
      } else {
        at?.attrSet(name, value);
      }
    }
  };
  state.tokens = state.tokens.filter((token) => {
    const comment = token.type === "html_block" ? slideComment(token.content) : undefined;
    if (comment) {
      apply(comment, before.at(-1));
      return false;
    }
    if (token.type === "slide_open") {
      slide = token;
    }
    if (token.nesting > 0) {
      open.push(token);
      before.push(undefined);
    } else if (token.nesting < 0) {
      before.pop();
      before[before.length - 1] = open.pop();
    } else if (VOID.has(token.type)) {
      before[before.length - 1] = token;
    } else if (token.type === "inline") {
      inlineComments(token, open.filter(({ hidden }) => !hidden).at(-1), apply);
    }
    return true;
  });
}

function inlineComments(
  inline: Token,
  block: Token | undefined,
  apply: (comment: SlideComment, at: Token | undefined) => void,
): void {
  const open: Token[] = [];
  const kept: Token[] = [];
  for (const token of inline.children ?? []) {
    const comment = token.type === "html_inline" ? slideComment(token.content) : undefined;
    if (comment) {
      apply(comment, open.at(-1) ?? block);
      const last = kept.at(-1);
      if (last?.type === "text") {
        last.content = last.content.trimEnd();
      }
      continue;
    }
    if (token.nesting > 0) {
      open.push(token);
    } else if (token.nesting < 0) {
      open.pop();
    }
    kept.push(token);
  }
  inline.children = kept;
}

export function slideRules(md: Parser): void {
  md.core.ruler.before("inline", "slides", sections);
  md.core.ruler.after("text_join", "slide_comments", comments);
}
