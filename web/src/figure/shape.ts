// What a specification asks for beside its marks: one scale for both axes of a plane, or room for so many rows.

import { USUAL_ROW, type Look } from "./theme";

export interface Shape {
  /** Height over width of the plot, where both axes have one scale. */
  readonly aspect?: number;
  /** Rows below each other on a y axis of numbers. */
  readonly rows?: number;
}

export interface Size {
  readonly width: number;
  readonly height?: number;
}

/** In text sizes: a plane is not higher, so that a screen shows it whole. */
const MOST_HEIGHT = 34;

const isObject = (node: unknown): node is Record<string, unknown> => typeof node === "object" && node !== null;

const positive = (value: unknown, most: number): number | undefined =>
  typeof value === "number" && value > 0 && value <= most ? value : undefined;

/** What `usermeta` says. */
export function shapeOf(spec: object): Shape {
  const usermeta: unknown = (spec as Record<string, unknown>)["usermeta"];
  if (!isObject(usermeta)) {
    return {};
  }
  const aspect = positive(usermeta["aspect"], 10);
  const rows = positive(usermeta["rows"], 1000);
  return { ...(aspect === undefined ? {} : { aspect }), ...(rows === undefined ? {} : { rows }) };
}

/** Before anything is drawn. */
export const sizeAtFirst = ({ rows }: Shape, { width, textSize }: Look): Size =>
  rows === undefined ? { width } : { width, height: Math.round((rows + 0.6) * USUAL_ROW * 1.4 * textSize) };

/** Of a plane, when it is known how much of the figure's width the plot has; undefined: it stays as it is. */
export function sizeOfPlane({ aspect }: Shape, { width, textSize }: Look, plot: number): Size | undefined {
  if (aspect === undefined || plot <= 0) {
    return undefined;
  }
  const height = Math.min(plot * aspect, MOST_HEIGHT * textSize);
  return { width: Math.round(width - plot + height / aspect), height: Math.round(height) };
}
