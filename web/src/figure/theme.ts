// The house theme as a Vega-Lite config. A specification says what is drawn; how it looks on a projector, on a phone, in
// the dark and on paper is decided here.

import type { Config } from "vega-lite";
import type { Palette } from "./palette";

export interface Look {
  readonly palette: Palette;
  /** Width that the figure has, in CSS pixels. */
  readonly width: number;
  /** Size of the text around the figure, in CSS pixels; labels follow it. */
  readonly textSize: number;
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif';

/** Text size, in CSS pixels, at which lines and points have the sizes given below. They grow with it, as on a slide. */
const USUAL_TEXT = 16;

/** In text sizes: the height of a row of names. */
export const USUAL_ROW = 1.9;

/** In text sizes: below this width a legend beside the plot would squeeze it; it goes below. */
const NARROW = 35;

export const isNarrow = ({ width, textSize }: Look): boolean => width < NARROW * textSize;

/** Where the legend lies. */
export type LegendPlace = "beside" | "below";

const between = (least: number, value: number, most: number): number => Math.min(Math.max(value, least), most);

export function theme(look: Look, legend: LegendPlace): Config {
  const { palette, width, textSize } = look;
  const label = Math.round(textSize * 0.8);
  const title = Math.round(textSize * 0.86);
  const below = legend === "below";
  const weight = textSize / USUAL_TEXT;
  return {
    background: "transparent",
    padding: 4,
    font: FONT,
    aria: false,
    view: {
      stroke: null,
      continuousHeight: Math.round(between(14.5 * textSize, width * 0.5, 27 * textSize)),
      discreteHeight: { step: Math.round(textSize * USUAL_ROW) },
    },
    scale: { bandWithNestedOffsetPaddingOuter: 0.1 },
    range: {
      category: [...palette.categories],
      ordinal: { scheme: [...palette.sequence] },
      ramp: { scheme: [...palette.sequence] },
      heatmap: { scheme: [palette.nothing, ...palette.sequence] },
      diverging: { scheme: [...palette.diverging] },
      // Of the regions of a map, which Vega-Lite has no name for: the first, the second, both.
      ...{
        regions: [palette.regions.first, palette.regions.ground, palette.regions.first],
        regionEdges: [palette.regions.edge, palette.regions.second, palette.regions.second],
      },
    },
    axis: {
      labelColor: palette.muted,
      labelFontSize: label,
      labelPadding: 6,
      titleColor: palette.ink,
      titleFontSize: title,
      titleFontWeight: 600,
      titlePadding: 10,
      gridColor: palette.rule,
      gridOpacity: 0.75,
      domainColor: palette.muted,
      tickColor: palette.muted,
      tickSize: 4,
      labelOverlap: "greedy",
    },
    axisX: { grid: false, tickCount: Math.max(4, Math.round(width / (6 * textSize))) },
    // The y title lies above its axis: it is read without turning the head, and costs no width on a phone.
    axisY: {
      domain: false,
      ticks: false,
      tickCount: 5,
      labelLimit: Math.round(width * 0.4),
      labelPadding: 10,
      titleAngle: 0,
      titleAlign: "left",
      titleAnchor: "end",
      titleBaseline: "bottom",
      titleX: 0,
      titleY: -10,
    },
    axisXDiscrete: { labelAngle: 0 },
    axisYDiscrete: { labelLimit: Math.round(width * 0.4) },
    legend: {
      labelColor: palette.ink,
      labelFontSize: label,
      labelLimit: below ? Math.round(width * 0.75) : 0,
      titleColor: palette.ink,
      titleFontSize: title,
      titleFontWeight: 600,
      titleLimit: 0,
      symbolSize: 90 * weight ** 2,
      symbolStrokeWidth: 2.5 * weight,
      symbolOpacity: 1,
      rowPadding: 4,
      columnPadding: 14,
      offset: below ? 8 : 20,
      orient: below ? "bottom" : "right",
      ...(below ? { direction: "horizontal", gradientLength: Math.round(width * 0.6) } : {}),
    },
    header: { labelColor: palette.ink, labelFontSize: label, titleColor: palette.ink, titleFontSize: title },
    title: { color: palette.ink, fontSize: title, anchor: "start" },
    mark: { color: palette.categories[0] ?? palette.ink, tooltip: true },
    line: { strokeWidth: 2.5 * weight, strokeCap: "round", strokeJoin: "round" },
    point: { filled: true, size: 60 * weight ** 2, opacity: 0.85 },
    circle: { size: 60 * weight ** 2, opacity: 0.85 },
    area: { line: false, tooltip: null },
    bar: { cornerRadiusEnd: 2 },
    rule: { color: palette.muted, strokeWidth: 1.5 * weight },
    text: { color: palette.ink, fontSize: label },
    style: {
      band: { opacity: 0.2 },
      range: { color: palette.ink, strokeWidth: 2 * weight },
      reference: { color: palette.muted, strokeDash: [6, 4], strokeWidth: 1.5 * weight },
      data: { color: palette.ink, opacity: 0.8 },
      overlaid: { opacity: 0.55 },
      one: { thickness: 1.75 * weight, opacity: 0.6 },
      middle: { thickness: 4 * weight, color: palette.ink, opacity: 1 },
      ridge: { fillOpacity: 0.5, strokeWidth: 1.75 * weight },
      "under-ridge": { size: 8 * weight, thickness: 1.25 * weight, opacity: 0.6 },
      ...mapStyles(look, label, title),
      "reference-label-right": { color: palette.muted, align: "left", baseline: "top", dx: 5, dy: 2 },
      "reference-label-left": { color: palette.muted, align: "right", baseline: "top", dx: -5, dy: 2 },
      "reference-label-end": { color: palette.muted, align: "right", baseline: "bottom", dx: -4, dy: -4 },
      "reference-label": { color: palette.muted, align: "left", baseline: "bottom", dx: 4, dy: -4 },
    },
  };
}

/** Maps: what is filled, what is hatched, lines of one value, paths, points and letters that stand on any ground. */
function mapStyles({ palette, textSize }: Look, label: number, title: number): NonNullable<Config["style"]> {
  const weight = textSize / USUAL_TEXT;
  const { edge, second } = palette.regions;
  const halo = { color: palette.paper, stroke: palette.paper, strokeJoin: "round", strokeWidth: 4 * weight } as const;
  const small = { fontSize: Math.round(label * 0.9), baseline: "middle", align: "center" } as const;
  const letter = { fontSize: Math.round(title * 1.35), fontWeight: 700, baseline: "bottom", dy: -3 * weight } as const;
  const right = { ...letter, align: "left", dx: 6 * weight } as const;
  const left = { ...letter, align: "right", dx: -6 * weight } as const;
  const ink = { color: palette.ink };
  // Of a line Vega-Lite takes the width from its size.
  const line = (color: string, width: number): { color: string; size: number } => ({ color, size: width * weight });
  return {
    "region-edge": line(edge, 1.75),
    hatch: { ...line(second, 1.5), strokeCap: "butt" },
    "hatch-edge": line(second, 1.5),
    "region-key": { opacity: 1, strokeWidth: 1.25 * weight },
    isoline: { ...line(palette.ink, 1), opacity: 0.75 },
    "isoline-ground": { ...line(palette.paper, 2.5), opacity: 0.4 },
    "isoline-label": { ...small, ...ink },
    "isoline-halo": { ...small, ...halo },
    trail: line(palette.ink, 1.75),
    "trail-halo": line(palette.paper, 4),
    minimum: { ...ink, stroke: palette.paper, strokeWidth: 1.75 * weight, size: 90 * weight ** 2, opacity: 1 },
    letter: { ...right, ...ink },
    "letter-halo": { ...right, ...halo },
    "letter-left": { ...left, ...ink },
    "letter-halo-left": { ...left, ...halo },
  };
}
