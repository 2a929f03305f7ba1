// Abbreviations: the package reads the definitions (*[HTML]: …); this pass marks the words, in one walk over each text.

import abbr from "markdown-it-abbr";
import { shared, type Parser, type StateCore, type Token } from "../types";

/** Definitions that are used. Every word is compared with all of them. */
const MOST = 200;

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|-]/g, "\\$&");

/** Finds whole words: not next to a letter, mark, number or "_". */
function finder(labels: readonly string[]): RegExp {
  const longestFirst = [...labels].sort((one, other) => other.length - one.length).map(escapeRegExp);
  return new RegExp(`(?<![\\p{L}\\p{M}\\p{N}_])(?:${longestFirst.join("|")})(?![\\p{L}\\p{M}\\p{N}_])`, "gu");
}

function mark(state: StateCore, text: Token, words: RegExp, titles: ReadonlyMap<string, string>): Token[] {
  const make = (type: string, tag: string, nesting: -1 | 0 | 1, content = ""): Token => {
    const token = new state.Token(type, tag, nesting);
    token.content = content;
    token.level = text.level;
    return token;
  };
  const made: Token[] = [];
  let done = 0;
  for (const found of text.content.matchAll(words)) {
    const [label] = found;
    if (found.index > done) {
      made.push(make("text", "", 0, text.content.slice(done, found.index)));
    }
    const open = make("abbr_open", "abbr", 1);
    open.attrs = [["title", titles.get(label) ?? ""]];
    made.push(open, make("text", "", 0, label), make("abbr_close", "abbr", -1));
    done = found.index + label.length;
  }
  if (done === 0) {
    return [text];
  }
  if (done < text.content.length) {
    made.push(make("text", "", 0, text.content.slice(done)));
  }
  return made;
}

function abbreviations(state: StateCore): void {
  const defined = Object.entries(shared(state.env).abbreviations ?? {}).slice(0, MOST);
  if (defined.length === 0) {
    return;
  }
  const titles = new Map(defined.map(([key, title]) => [key.slice(1), title]));
  const words = finder([...titles.keys()]);
  for (const token of state.tokens) {
    if (token.type === "inline" && token.children) {
      token.children = token.children.flatMap((child) =>
        child.type === "text" ? mark(state, child, words, titles) : [child],
      );
    }
  }
}

export function abbreviationRule(md: Parser): void {
  md.use(abbr);
  md.core.ruler.at("abbr_replace", abbreviations);
}
