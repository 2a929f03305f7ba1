// A specification in a note may ask for more than a reader's browser can draw: a billion numbers from a generator, a
// billion ticks. What a compiled specification would make out of nothing is counted before it runs.

import type { Spec } from "vega";

/** Rows that a generator may make, and steps of a smoothed curve. */
const MOST_ROWS = 100_000;
/** Ticks, labels and bins that may be asked for. */
const MOST_MARKS = 1000;

const isObject = (node: unknown): node is Record<string, unknown> => typeof node === "object" && node !== null;

const LIMITS: Readonly<Record<string, number>> = {
  tickCount: MOST_MARKS,
  maxbins: MOST_MARKS,
  steps: MOST_ROWS,
  minsteps: MOST_ROWS,
  maxsteps: MOST_ROWS,
};

/** A number that is written down; what a signal would give is not known before it runs. */
const written = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);

function generated({ type, start, stop, step }: Record<string, unknown>): string | undefined {
  if (type !== "sequence") {
    return undefined;
  }
  const rows = (written(stop) - written(start ?? 0)) / written(step ?? 1);
  return rows <= MOST_ROWS ? undefined : `a sequence of more than ${MOST_ROWS} numbers`;
}

/** The signs of Vega-Lite's own axes of bins, whose number is looked at where the bins are made. */
const OWN_SEQUENCE = /^sequence\((\w+)\.start, \1\.stop \+ \1\.step, \1\.step\)$/;

/** Where a compiled specification has expressions; other texts are words for the reader. */
const EXPRESSIONS: ReadonlySet<string> = new Set(["expr", "signal", "update", "init", "test", "filter"]);

/** What is quoted in an expression is a text. */
const QUOTED = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;

const expressed = (expression: string): string | undefined =>
  /\bsequence\s*\(/.test(expression.replace(QUOTED, "")) && !OWN_SEQUENCE.test(expression)
    ? "a sequence made by an expression"
    : undefined;

function binned({ type, step }: Record<string, unknown>, span: number): string | undefined {
  return type === "bin" && typeof step === "number" && !(span / step <= MOST_MARKS)
    ? `bins that are more than ${MOST_MARKS}`
    : undefined;
}

/** How far apart numbers of the data can lie. */
function spanOf(node: unknown): number {
  if (typeof node === "number") {
    return 2 * Math.abs(node);
  }
  return isObject(node) ? Object.values(node).reduce((most: number, value) => Math.max(most, spanOf(value)), 0) : 0;
}

function counted(node: Record<string, unknown>): string | undefined {
  for (const [key, most] of Object.entries(LIMITS)) {
    const value = node[key];
    if (typeof value === "number" && value > most) {
      return `${key} above ${most}`;
    }
    if (isObject(value) && typeof value["signal"] === "string") {
      const number = Number(value["signal"]);
      if (number > most) {
        return `${key} above ${most}`;
      }
    }
  }
  return undefined;
}

/** What a compiled specification asks for beyond the bounds, in words; undefined: nothing. */
export function beyondBounds(spec: Spec): string | undefined {
  const span = spanOf(spec.data);
  const visit = (node: unknown, key = ""): string | undefined => {
    if (typeof node === "string") {
      return EXPRESSIONS.has(key) ? expressed(node) : undefined;
    }
    if (!isObject(node)) {
      return undefined;
    }
    const own = Array.isArray(node) ? undefined : (generated(node) ?? binned(node, span) ?? counted(node));
    if (own !== undefined) {
      return own;
    }
    for (const [name, value] of Object.entries(node)) {
      // Rows are data, whatever words are in them.
      const found =
        name === "values" && Array.isArray(value) ? undefined : visit(value, Array.isArray(node) ? key : name);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  };
  return visit(spec);
}
