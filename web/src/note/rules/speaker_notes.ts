// Speaker notes of a slide: a line that begins with "Note:" or "Notes:" ends what is before it. This rule leaves a mark and
// parses the rest of the line as if it stood alone; slides.ts takes what follows as the notes.

import { shared, type Parser, type StateBlock } from "../types";

const NOTE = /notes?:[ \t]*/iy;

/** The length of "Note:" at the very beginning of a line of the source, outside quotes and lists; 0: it is not there. */
function marker(state: StateBlock, line: number): number {
  const at = state.bMarks[line] ?? 0;
  if (at > 0 && state.src.charCodeAt(at - 1) !== 0x0a) {
    return 0;
  }
  NOTE.lastIndex = at;
  return NOTE.exec(state.src)?.[0].length ?? 0;
}

function speakerNotes(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const length = shared(state.env).view === "slides" ? marker(state, start) : 0;
  if (length === 0 || (!silent && state.level > 0)) {
    return false;
  }
  if (silent) {
    return true;
  }
  const at = state.bMarks[start] ?? 0;
  const token = state.push("speaker_notes", "", 0);
  token.content = state.src.slice(at, at + length).trim();
  token.map = [start, start + 1];
  state.line = start + 1;
  if (at + length < (state.eMarks[start] ?? 0)) {
    state.bMarks[start] = at + length;
    state.tShift[start] = 0;
    state.sCount[start] = 0;
    state.md.block.ruler.getRules("").some((rule) => rule(state, start, end, false));
    state.bMarks[start] = at;
  }
  return true;
}

export function speakerNotesRule(md: Parser): void {
  md.block.ruler.before("table", "speaker_notes", speakerNotes, {
    alt: ["paragraph", "reference", "blockquote", "list"],
  });
}
