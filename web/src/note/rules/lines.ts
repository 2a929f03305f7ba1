// What block rules ask of lines. A line's text is what its containers leave of it.

import type { StateBlock } from "../types";

const at = (values: readonly number[], line: number): number => values[line] ?? 0;

/** The line's text without indentation and without blanks at its end. */
export const lineText = (state: StateBlock, line: number): string =>
  state.src.slice(at(state.bMarks, line) + at(state.tShift, line), at(state.eMarks, line)).replace(/[ \t]+$/, "");

export const indent = (state: StateBlock, line: number): number => at(state.sCount, line);

/** Four blanks or more in front: an indented code block, to which no other rule applies. */
export const isCode = (state: StateBlock, line: number): boolean => indent(state, line) - state.blkIndent >= 4;

/** A line that the container of the current block does not hold. */
export const endsContainer = (state: StateBlock, line: number): boolean =>
  !state.isEmpty(line) && indent(state, line) < state.blkIndent;

export const opensFence = (text: string): boolean => /^(?:`{3,}[^`]*|~{3,}.*)$/.test(text);
