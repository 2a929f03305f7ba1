// Slides: the note cut at its `---` and `----`, shown by reveal.js. Only its core is here; speaker notes and toolbar are ours.

import Reveal, { type RevealApi, type RevealConfig } from "reveal.js";
import { drawFigures } from "../figure/figure";
import { render, type Note } from "../note/render";
import type { PageData } from "../page";
import { drawMath } from "../upgrade/math";
import { placePictures } from "../upgrade/pictures";
import { Studies } from "../upgrade/studies";
import { fillValues } from "../upgrade/values";
import { problemNotice, reservedIds, upgradeBlocks, upgradeSection } from "./content";
import { asDivision, divideSections, slidesOf } from "./deck";
import { make } from "./dom";
import { fitSlide } from "./fit";
import { mainElement } from "./frame";
import type { SchemeSwitch } from "./scheme";
import { slideOptions, type SlideOptions } from "./slide_options";
import { SpeakerWindow } from "./speaker";
import { button, schemeButton, sourceButton, viewLink } from "./toolbar";
import type { View } from "./view";

const WIDTH = 1280;
const HEIGHT = 720;

/** What reveal.js calls a key: the code of S. */
const KEY_S = 83;

const OURS: RevealConfig = {
  width: WIDTH,
  height: HEIGHT,
  margin: 0.06,
  maxScale: 4,
  hash: true,
  slideNumber: "c/t",
  transition: "none",
  backgroundTransition: "none",
  controlsTutorial: false,
  pdfSeparateFragments: false,
  pdfMaxPagesPerSlide: 1,
  // A phone in its normal position shows the slides as they are, small; the document is there for reading.
  scrollActivationWidth: 0,
  // No other window steers this one.
  postMessage: false,
  view: null,
};

const onPaper = (): boolean => new URLSearchParams(window.location.search).has("print-pdf");

export class SlidesView implements View {
  private readonly main = mainElement();
  private readonly slides = make("div", { class: "slides" });
  private readonly reveal = make("div", { class: "reveal" }, this.slides);
  private readonly studies = new Studies();
  private deck: RevealApi | undefined;
  private speaker: SpeakerWindow | undefined;
  private fitting: ResizeObserver | undefined;

  constructor(
    private page: PageData,
    private readonly scheme: SchemeSwitch,
  ) {
    this.main.append(this.reveal);
    document.body.prepend(this.toolbar());
    if (onPaper()) {
      // Figures have the slide's width on paper too; they are not drawn anew for a page of text.
      for (const type of ["beforeprint", "afterprint"]) {
        addEventListener(type, (event) => {
          event.stopImmediatePropagation();
        });
      }
    }
  }

  async update(page: PageData): Promise<void> {
    this.page = page;
    const at = this.deck?.getIndices();
    const note = render(page.source, { view: "slides", reserved: reservedIds(page) });
    const options = slideOptions(note.meta.slideOptions);
    this.fill(note);
    if (onPaper()) {
      this.scheme.fix(options.scheme ?? "light");
      await this.drawForPaper();
    } else {
      this.scheme.want(options.scheme);
    }
    if (this.deck && at) {
      this.deck.sync();
      this.deck.slide(at.h, at.v, at.f);
      this.observeSlides();
    } else {
      await this.start(options, note);
    }
    await drawFigures(this.slides);
    this.deck?.layout();
    this.speaker?.refresh();
  }

  private fill(note: Note): void {
    const { page } = this;
    const body = make("div");
    placePictures(note.body, page.pictures);
    body.append(note.body);
    divideSections(body);
    upgradeBlocks(body, page);
    const unplaced = this.studies.place(body, page.studies, page.file, (section) =>
      asDivision(upgradeSection(section)),
    );
    fillValues(body, page.values);
    const notice = problemNotice(note);
    if (notice) {
      slidesOf(body)[0]?.prepend(notice);
    }
    if (unplaced) {
      body.append(make("section", {}, unplaced));
    }
    if (body.children.length === 0) {
      body.append(make("section"));
    }
    this.slides.replaceChildren(...body.children);
    void drawMath(this.slides);
  }

  /** reveal.js measures slides for paper once, so figures are drawn before it starts, with all slides laid out. */
  private async drawForPaper(): Promise<void> {
    this.slides.style.width = `${WIDTH}px`;
    this.reveal.classList.add("measured");
    await drawFigures(this.slides);
    slidesOf(this.slides).forEach((slide) => {
      fitSlide(slide, HEIGHT);
    });
    this.reveal.classList.remove("measured");
  }

  private async start(options: SlideOptions, note: Note): Promise<void> {
    const deck = new Reveal(this.reveal, {
      ...OURS,
      ...(note.meta.dir === "rtl" ? { rtl: true } : {}),
      ...options.deck,
    });
    this.deck = deck;
    this.main.lang = note.meta.lang;
    const laidOut = new Promise((resolve) => {
      deck.on("pdf-ready", resolve);
    });
    await deck.initialize();
    if (onPaper()) {
      await laidOut;
    }
    const speaker = new SpeakerWindow(deck, this.slides, () => this.page.title, options.minutes);
    this.speaker = speaker;
    deck.addKeyBinding({ keyCode: KEY_S, key: "S", description: "Speaker notes" }, () => {
      speaker.open();
    });
    if (!onPaper()) {
      this.keepFitting(deck);
    }
  }

  /** A slide whose content grows (a figure is drawn when the slide comes near) is fitted again, and centred again. */
  private keepFitting(deck: RevealApi): void {
    if (typeof ResizeObserver === "undefined") {
      return;
    }
    this.fitting = new ResizeObserver((entries) => {
      // Not at once: an observer that changes sizes itself is complained about.
      requestAnimationFrame(() => {
        for (const { target } of entries) {
          fitSlide(target as HTMLElement, Number(deck.getConfig().height));
        }
        deck.layout();
      });
    });
    this.observeSlides();
  }

  private observeSlides(): void {
    this.fitting?.disconnect();
    for (const slide of slidesOf(this.slides)) {
      this.fitting?.observe(slide);
    }
  }

  private toolbar(): HTMLElement {
    const tools = make(
      "div",
      { class: "tools", role: "group", "aria-label": "Slides" },
      viewLink("document", this.page.book ? "Chapter" : "Document", "view=document"),
      button("overview", "Overview", () => {
        this.deck?.toggleOverview();
      }),
      button("notes", "Notes", () => {
        this.speaker?.open();
      }),
      viewLink("print", "For printing", "print-pdf"),
      sourceButton(() => this.page),
      schemeButton(this.scheme),
    );
    return make("header", { class: "bar" }, tools);
  }
}
