// The size of an image: ![alt](address "title" =WxH), each of W and H a number of pixels or per cent, or missing. Images
// without a size go through CommonMark's own rule untouched.

import type { Parser, StateInline } from "../types";

const SIZE = /[ \n]=(\d{1,5}%?)?x(\d{1,5}%?)?[ \n]*\)/y;
const BLANKS = /[ \t\n]*/y;

function skip(state: StateInline, from: number): number {
  BLANKS.lastIndex = from;
  return from + (BLANKS.exec(state.src)?.[0].length ?? 0);
}

function imageSize(state: StateInline, silent: boolean): boolean {
  const { src, pos: start, posMax, md } = state;
  if (!src.startsWith("![", start)) {
    return false;
  }
  const labelEnd = md.helpers.parseLinkLabel(state, start + 1, false);
  if (labelEnd < 0 || src.charAt(labelEnd + 1) !== "(") {
    return false;
  }
  const destination = md.helpers.parseLinkDestination(src, skip(state, labelEnd + 2), posMax);
  const href = destination.ok ? md.normalizeLink(destination.str) : "";
  if (href === "" || !md.validateLink(href)) {
    return false;
  }
  let pos = destination.pos;
  const afterBlanks = skip(state, pos);
  const title = afterBlanks > pos ? md.helpers.parseLinkTitle(src, afterBlanks, posMax) : undefined;
  if (title?.ok) {
    pos = title.pos;
  }
  SIZE.lastIndex = skip(state, pos) - 1;
  const size = skip(state, pos) > pos ? SIZE.exec(src) : null;
  const end = SIZE.lastIndex; // read now: images nest
  if (!size || end > posMax) {
    return false;
  }
  if (!silent) {
    const content = src.slice(start + 2, labelEnd);
    const token = state.push("image", "img", 0);
    token.content = content;
    token.children = [];
    md.inline.parse(content, md, state.env, token.children);
    token.attrs = [
      ["src", href],
      ["alt", ""],
    ];
    const [, width, height] = size;
    for (const [name, given] of [
      ["title", title?.ok ? title.str : ""],
      ["width", width],
      ["height", height],
    ] as const) {
      if (given) {
        token.attrs.push([name, given]);
      }
    }
  }
  state.pos = end;
  return true;
}

export function imageSizeRule(md: Parser): void {
  md.inline.ruler.before("image", "image_size", imageSize);
}
