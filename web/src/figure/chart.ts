// One drawing of one specification: Vega-Lite to Vega to SVG, in the house theme. Expressions are interpreted (the page's
// policy has no eval), nothing is loaded, and what goes wrong is thrown.

import type { LegendConfig, LoggerInterface, Spec, View as VegaView } from "vega";
import { transforms } from "vega-dataflow";
import * as encode from "vega-encode";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type Config, type TopLevelSpec } from "vega-lite";
import { parse } from "vega-parser";
import * as regression from "vega-regression";
import * as dataTransforms from "vega-transforms";
import { View } from "vega-view";
import * as viewTransforms from "vega-view-transforms";
import { beyondBounds } from "./bounds";
import { dataAddresses, offline } from "./offline";
import { shapeOf, sizeAtFirst, sizeOfPlane, type Size } from "./shape";
import { isNarrow, theme, type LegendPlace, type Look } from "./theme";
import { watchPointer } from "./tooltip";

Object.assign(transforms, dataTransforms, viewTransforms, encode, regression);

/** Vega reports some failures only to its logger. The first one is kept. */
function errorKeeper(): LoggerInterface & { first?: string } {
  const keeper: LoggerInterface & { first?: string } = {
    level: (() => keeper) as LoggerInterface["level"],
    error: (...words: unknown[]) => {
      keeper.first ??= words.map((word) => (word instanceof Error ? word.message : String(word))).join(" ");
      return keeper;
    },
    warn: () => keeper,
    info: () => keeper,
    debug: () => keeper,
  };
  return keeper;
}

/** One plot or layers of one: it takes the figure's width. Facets and rows of plots keep their own and scroll. */
const fillsWidth = (spec: object): boolean => "mark" in spec || "layer" in spec;

function toVega(spec: object, look: Look, size: Size, place: LegendPlace, columns?: number): Spec {
  const config: Config = theme(look, place);
  if (columns !== undefined) {
    config.legend = { ...config.legend, columns };
  }
  const sized = fillsWidth(spec)
    ? { ...spec, ...size, width: Math.floor(size.width), autosize: { type: "fit-x", contains: "padding" } }
    : spec;
  const { spec: vega } = compile(sized as TopLevelSpec, { config, logger: errorKeeper() });
  const addresses = dataAddresses(vega);
  if (addresses.length > 0) {
    throw new Error(`a figure brings its data with it; not loaded: ${addresses.join(", ")}`);
  }
  const beyond = beyondBounds(vega);
  if (beyond !== undefined) {
    throw new Error(`more than a page can draw: ${beyond}`);
  }
  // Controls that a specification asks for get attributes of its own choosing, event handlers too. There are none.
  // Legends below a plot lie below each other; Vega-Lite's configuration has no word for that.
  const legend: LegendConfig = { ...vega.config?.legend, layout: { bottom: { direction: "vertical" } } };
  return { ...vega, config: { ...vega.config, legend, events: { bind: "none" } } };
}

interface SceneItem {
  readonly role?: string;
  readonly items?: readonly SceneItem[];
  readonly bounds?: { readonly x2: number };
}

/** How far to the right legends reach, from where the axes begin. */
function legendEnd(item: SceneItem): number {
  const own = item.role === "legend" ? Math.max(0, ...(item.items ?? []).map((group) => group.bounds?.x2 ?? 0)) : 0;
  return Math.max(own, ...(item.items ?? []).map(legendEnd));
}

const rootOf = (view: VegaView): SceneItem => (view.scenegraph() as unknown as { root: SceneItem }).root;

async function render(element: HTMLElement, vega: Spec): Promise<VegaView> {
  const log = errorKeeper();
  const view = new View(parse(vega, {}, { ast: true }), {
    expr: expressionInterpreter,
    loader: offline,
    logger: log,
    renderer: "svg",
    container: element,
    tooltip: () => undefined,
  });
  watchPointer(view);
  await view.runAsync();
  if (log.first !== undefined) {
    view.finalize();
    throw new Error(log.first);
  }
  return view;
}

/** Draws into `element`, which may be outside the document. The caller finalises the view. */
export async function drawChart(element: HTMLElement, spec: object, look: Look): Promise<VegaView> {
  const shape = shapeOf(spec);
  let size = sizeAtFirst(shape, look);
  let place: LegendPlace = isNarrow(look) ? "below" : "beside";
  let view = await render(element, toVega(spec, look, size, place));
  let columns: number | undefined;
  const again = async (): Promise<void> => {
    view.finalize();
    element.replaceChildren();
    view = await render(element, toVega(spec, look, size, place, columns));
  };
  // Long names beside the plot would leave it no room.
  if (place === "beside" && fillsWidth(spec) && legendEnd(rootOf(view)) > 0 && view.width() < look.width / 2) {
    place = "below";
    await again();
  }
  if (place === "below") {
    // A legend below the plot is one row. If that is too long, it is set in as many columns as fit.
    for (const fewer of [4, 3, 2, 1]) {
      if (view.origin()[0] + legendEnd(rootOf(view)) <= look.width) {
        break;
      }
      columns = fewer;
      await again();
    }
  }
  const plane = fillsWidth(spec) ? sizeOfPlane(shape, look, view.width()) : undefined;
  if (plane !== undefined) {
    size = plane;
    await again();
  }
  return view;
}
