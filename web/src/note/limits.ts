// How much a note may hold. Beyond a limit text is shown as it is, never lost.

/** Units (UTF-16) of a note that is rendered; a longer one is shown as plain text. */
export const MOST_UNITS = 1 << 20;

/**
 * Units of one paragraph, heading or cell that is searched for inline syntax. Pages of text have no such paragraph;
 * it bounds what the corners of the parser that are not linear can cost.
 */
export const LONGEST_PARAGRAPH = 1 << 16;

/** Front matter: bytes (of UTF-8, as the program counts), lines, and how deep its values nest. */
export const FRONT_MATTER = { bytes: 16 * 1024, lines: 200, depth: 4 } as const;
