// The head of a note: from a first line of exactly "---" to the next line of exactly "---" or "...". It is a YAML mapping, read
// strictly. What cannot be read is not metadata; the reason is given with its line.

import { EVENT_ID, SCALAR_STYLE, YAMLException, load, parseEvents } from "js-yaml";
import { FRONT_MATTER } from "./limits";
import { linesBefore } from "./text";

export interface Problem {
  /** Of the note, from 1. */
  readonly line: number;
  readonly message: string;
}

export interface FrontMatter {
  /** The mapping; empty if there is none or it could not be read. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The lines of the block as they stand, if they could not be read and are to be shown as text. */
  readonly unread: string | undefined;
  readonly body: string;
  /** Lines of the note above `body`. */
  readonly above: number;
  readonly problem: Problem | undefined;
}

/** Where the block ends; undefined: the note has none. */
function findBlock(text: string): { readonly yaml: string; readonly end: number } | undefined {
  if (!text.startsWith("---\n")) {
    return undefined;
  }
  // Without the flag m, for which U+2028 and U+2029 end lines too.
  const found = /(^|\n)(?:---|\.\.\.)(?:\n|$)/.exec(text.slice(4));
  if (!found) {
    return undefined;
  }
  const [matched, before = ""] = found;
  const at = 4 + found.index;
  return { yaml: text.slice(4, at + before.length), end: at + matched.length };
}

/** Whether the text has more bytes, as UTF-8, than `most`. */
function hasMoreBytes(text: string, most: number): boolean {
  let bytes = text.length;
  if (bytes > most) {
    return true;
  }
  for (const character of text) {
    // A pair of units is four bytes.
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 0 : code < 0x800 ? 1 : 2;
  }
  return bytes > most;
}

class Refused extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

/** Refuses what a note's head has no use for, before anything is built of it. */
function checkEvents(yaml: string): void {
  let depth = 0;
  for (const event of parseEvents(yaml, { maxDepth: FRONT_MATTER.depth + 1 })) {
    if (event.type === EVENT_ID.DOCUMENT) {
      continue;
    }
    if (event.type === EVENT_ID.POP) {
      depth -= 1;
      continue;
    }
    if (event.type === EVENT_ID.ALIAS || event.anchorStart >= 0) {
      throw new Refused("anchors and aliases (&, *) are not used here", event.anchorStart);
    }
    if (event.tagStart >= 0) {
      throw new Refused("tags (!) are not used here", event.tagStart);
    }
    if (event.type === EVENT_ID.SCALAR) {
      if (event.style === SCALAR_STYLE.PLAIN && yaml.slice(event.valueStart, event.valueEnd) === "<<") {
        throw new Refused("merge keys (<<) are not used here", event.valueStart);
      }
    } else if ((depth += 1) > FRONT_MATTER.depth) {
      throw new Refused(`values nest at most ${FRONT_MATTER.depth} deep`, event.start);
    }
  }
}

/** The commonest slip: a value with a colon in it that is not in quotes. */
function unquotedColon(yaml: string, line: number): string | undefined {
  const [, key, value] = /^\s*([\w-]+):[ \t]+([^\s"'[{|>#].*:(?:\s.*|))$/.exec(yaml.split("\n")[line] ?? "") ?? [];
  return key === undefined || value === undefined
    ? undefined
    : `a value with a colon in it needs quotes: ${key}: "${value.trimEnd().replace(/["\\]/g, "\\$&")}"`;
}

function read(yaml: string): Record<string, unknown> {
  if (hasMoreBytes(yaml, FRONT_MATTER.bytes) || yaml.split("\n").length - 1 > FRONT_MATTER.lines) {
    const most = `${FRONT_MATTER.bytes / 1024} KiB and ${FRONT_MATTER.lines} lines`;
    throw new Refused(`the head of a note has at most ${most}`, 0);
  }
  if (!/[^\s]/.test(yaml.replace(/(^|\n)[ \t]*#[^\n]*/g, "$1"))) {
    return {};
  }
  checkEvents(yaml);
  const values = load(yaml);
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new Refused("the head of a note is a list of keys with values", 0);
  }
  return values as Record<string, unknown>;
}

function explain(error: unknown, yaml: string): Problem {
  const line =
    error instanceof Refused
      ? linesBefore(yaml, error.at)
      : error instanceof YAMLException
        ? (error.mark?.line ?? 0)
        : 0;
  const plain =
    error instanceof YAMLException
      ? (unquotedColon(yaml, line) ?? unquotedColon(yaml, line - 1) ?? error.reason)
      : error instanceof Refused
        ? error.message
        : "it could not be read";
  return { line: line + 2, message: plain };
}

export function readFrontMatter(text: string): FrontMatter {
  const block = findBlock(text);
  if (!block) {
    return { values: {}, unread: undefined, body: text, above: 0, problem: undefined };
  }
  const rest = { body: text.slice(block.end), above: linesBefore(text, block.end) };
  try {
    return { values: read(block.yaml), unread: undefined, problem: undefined, ...rest };
  } catch (error) {
    return { values: {}, unread: text.slice(0, block.end), problem: explain(error, block.yaml), ...rest };
  }
}
