// The life of a figure: its specification is read, drawn, and drawn again when the width, the colour scheme, the medium or
// its slider changes. A figure that cannot be drawn says why and leaves its data table alone.

import type { View } from "vega";
import { drawChart } from "./chart";
import { offerDownloads, withdrawDownloads } from "./download";
import { medium, watchMedium } from "./medium";
import { atStep, makeSlider, sliderOf, type Slider } from "./slider";
import { inTurn, outOfTurn, type Drawable } from "./turns";

/** Width of a chart on paper, in CSS pixels: A4 less margins. */
const PAPER_WIDTH = 660;
/** Width where the page has no layout. */
const FALLBACK_WIDTH = 640;

class Figure implements Drawable {
  private spec: object | undefined;
  private view: View | undefined;
  private drawnWidth = 0;
  private turn = 0;
  private slider: Slider | undefined;
  private step = 0;
  private moving = false;
  private moved = false;
  private readonly resized =
    typeof ResizeObserver === "undefined"
      ? undefined
      : new ResizeObserver(() => {
          if (this.place.clientWidth > 0 && this.place.clientWidth !== this.drawnWidth) {
            void inTurn([this]);
          }
        });

  constructor(
    private readonly figure: HTMLElement,
    readonly place: HTMLElement,
    private readonly source: Element,
  ) {}

  /** On a slide or in a box that is not open. It is drawn when it gets a width. */
  get hidden(): boolean {
    return this.resized !== undefined && this.place.getClientRects().length === 0;
  }

  get gone(): boolean {
    return !this.figure.isConnected;
  }

  watch(): void {
    this.resized?.observe(this.place);
  }

  /** What is drawn is of another medium, so it is drawn again when it is seen. */
  outdate(): void {
    this.drawnWidth = -1;
  }

  /** The slider is there before the first drawing, so that a slide is fitted with it. */
  offerSlider(): void {
    // Most figures have none, and a long specification is read when it is drawn.
    if (!this.source.textContent.includes('"usermeta"')) {
      return;
    }
    try {
      this.spec = read(this.source);
      this.slider = sliderOf(this.spec);
    } catch {
      return; // the drawing says why
    }
    this.figure.querySelector(":scope > .slider")?.remove();
    if (this.slider) {
      this.place.after(
        makeSlider(this.slider, (step) => {
          void this.move(step);
        }),
      );
    }
  }

  /** While one value is drawn others may be passed; the last one counts. */
  private async move(step: number): Promise<void> {
    this.step = step;
    this.moved = true;
    if (this.moving) {
      return;
    }
    this.moving = true;
    while (this.moved) {
      this.moved = false;
      await this.draw();
    }
    this.moving = false;
  }

  /** What is to be drawn now. */
  private shown(spec: object): object {
    if (!this.slider) {
      return spec;
    }
    const words = this.slider.alternatives[this.step];
    if (words !== undefined) {
      this.place.setAttribute("aria-label", words);
    }
    return atStep(spec, this.slider, this.step);
  }

  close(): void {
    this.turn += 1;
    this.resized?.disconnect();
    this.view?.finalize();
    this.view = undefined;
  }

  async draw(): Promise<void> {
    const turn = ++this.turn;
    const { palette, paper } = medium();
    const available = this.place.clientWidth || FALLBACK_WIDTH;
    const fresh = document.createElement("div");
    this.drawnWidth = this.place.clientWidth;
    try {
      this.spec ??= read(this.source);
      const view = await drawChart(fresh, this.shown(this.spec), {
        palette,
        width: paper ? Math.min(available, PAPER_WIDTH) : available,
        textSize: parseFloat(getComputedStyle(this.place).fontSize) || 16,
      });
      if (turn !== this.turn) {
        view.finalize();
        return;
      }
      this.view?.finalize();
      this.view = view;
      this.figure.querySelector(":scope > .chart-error")?.remove();
      // The words for it are on the box around it; Vega's own roles say nothing more.
      fresh.setAttribute("aria-hidden", "true");
      this.place.replaceChildren(fresh);
      offerDownloads(this.figure, this.place);
    } catch (error) {
      if (turn === this.turn) {
        showError(this.figure, this.place, error);
      }
    }
  }
}

function read(source: Element): object {
  const spec: unknown = JSON.parse(source.textContent);
  if (typeof spec !== "object" || spec === null) {
    throw new Error("the specification is not an object");
  }
  return spec;
}

function showError(figure: HTMLElement, chart: HTMLElement, error: unknown): void {
  const message = document.createElement("p");
  message.className = "chart-error";
  message.setAttribute("role", "alert");
  message.textContent = `This figure could not be drawn: ${error instanceof Error ? error.message : String(error)}`;
  figure.querySelector(":scope > .chart-error")?.remove();
  withdrawDownloads(figure);
  chart.replaceChildren();
  chart.after(message);
}

function find(figure: HTMLElement): Figure | undefined {
  const chart = figure.querySelector<HTMLElement>(":scope > .chart");
  const source = figure.querySelector(":scope > script.spec");
  return chart && source ? new Figure(figure, chart, source) : undefined;
}

/** The figures of the page. */
const live = new Set<Figure>();
let watching = false;

/** A page that is served live loses figures and gets others. */
function forgetGone(): void {
  const gone = [...live].filter((figure) => figure.gone);
  outOfTurn(gone);
  for (const figure of gone) {
    figure.close();
    live.delete(figure);
  }
}

function watch(): void {
  if (watching) {
    return;
  }
  watching = true;
  watchMedium(
    () => {
      forgetGone();
      for (const figure of live) {
        figure.outdate();
      }
      void inTurn([...live].filter((figure) => !figure.hidden));
    },
    () => {
      forgetGone();
      outOfTurn(live);
      // Vega waits for nothing but promises, so every figure is drawn before the browser goes on to print.
      for (const figure of live) {
        void figure.draw();
      }
    },
  );
}

/**
 * Draws the figures below `root` and keeps them fitting; those that are drawn already are left alone. Resolves after the first
 * drawing of all that are not hidden.
 */
export async function drawFigures(root: ParentNode): Promise<void> {
  forgetGone();
  watch();
  const known = new Set([...live].map((figure) => figure.place));
  const fresh = [...root.querySelectorAll<HTMLElement>("figure.figure")]
    .map(find)
    .filter((figure) => figure !== undefined)
    .filter((figure) => !known.has(figure.place));
  for (const figure of fresh) {
    live.add(figure);
    figure.offerSlider();
  }
  await inTurn(fresh.filter((figure) => !figure.hidden));
  for (const figure of fresh) {
    figure.watch();
  }
}
