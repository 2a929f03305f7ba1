// The life of a figure: its specification is read, drawn, and drawn again when the width, the colour scheme or the medium
// changes. A figure that cannot be drawn says why and leaves its data table alone.

import type { View } from "vega";
import { drawChart } from "./chart";
import { dark, light } from "./palette";

/** Width of a chart on paper, in CSS pixels: A4 less margins. */
const PAPER_WIDTH = 660;
/** Width where the page has no layout. */
const FALLBACK_WIDTH = 640;

interface Medium {
  readonly dark: boolean;
  readonly paper: boolean;
}

class Figure {
  private view: View | undefined;
  private drawnWidth = 0;
  private turn = 0;

  constructor(
    private readonly figure: HTMLElement,
    private readonly chart: HTMLElement,
    private readonly spec: object,
  ) {}

  async draw(medium: Medium): Promise<void> {
    const turn = ++this.turn;
    const available = this.chart.clientWidth || FALLBACK_WIDTH;
    const fresh = document.createElement("div");
    this.drawnWidth = this.chart.clientWidth;
    try {
      const view = await drawChart(fresh, this.spec, {
        palette: medium.dark && !medium.paper ? dark : light,
        width: medium.paper ? Math.min(available, PAPER_WIDTH) : available,
        textSize: parseFloat(getComputedStyle(this.chart).fontSize) || 16,
      });
      if (turn !== this.turn) {
        view.finalize();
        return;
      }
      this.view?.finalize();
      this.view = view;
      this.chart.replaceChildren(fresh);
    } catch (error) {
      if (turn === this.turn) {
        showError(this.figure, this.chart, error);
      }
    }
  }

  onResize(redraw: () => void): void {
    if (typeof ResizeObserver === "undefined") {
      return;
    }
    new ResizeObserver(() => {
      if (this.chart.clientWidth > 0 && this.chart.clientWidth !== this.drawnWidth) {
        redraw();
      }
    }).observe(this.chart);
  }
}

function showError(figure: HTMLElement, chart: HTMLElement, error: unknown): void {
  const message = document.createElement("p");
  message.className = "chart-error";
  message.setAttribute("role", "alert");
  message.textContent = `This figure could not be drawn: ${error instanceof Error ? error.message : String(error)}`;
  figure.querySelector(":scope > .chart-error")?.remove();
  chart.replaceChildren();
  chart.after(message);
}

function read(figure: HTMLElement): Figure | undefined {
  const chart = figure.querySelector<HTMLElement>(":scope > .chart");
  const source = figure.querySelector(":scope > script.spec");
  if (!chart || !source) {
    return undefined;
  }
  try {
    const spec: unknown = JSON.parse(source.textContent);
    if (typeof spec !== "object" || spec === null) {
      throw new Error("the specification is not an object");
    }
    return new Figure(figure, chart, spec);
  } catch (error) {
    showError(figure, chart, error);
    return undefined;
  }
}

/** Draws every figure below `root` in document order and keeps them fitting. Resolves after the first drawing of all. */
export async function drawFigures(root: ParentNode): Promise<void> {
  const figures = [...root.querySelectorAll<HTMLElement>("figure.figure")]
    .map(read)
    .filter((figure) => figure !== undefined);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  let paper = false;
  const draw = (figure: Figure): Promise<void> => figure.draw({ dark: scheme.matches, paper });
  const drawAll = (): void => {
    for (const figure of figures) {
      void draw(figure);
    }
  };
  scheme.addEventListener("change", drawAll);
  addEventListener("beforeprint", () => {
    paper = true;
    drawAll();
  });
  addEventListener("afterprint", () => {
    paper = false;
    drawAll();
  });
  for (const figure of figures) {
    await draw(figure);
    // Let the browser show the text, and each figure as it comes.
    await new Promise((resolve) => setTimeout(resolve));
    figure.onResize(() => void draw(figure));
  }
}
