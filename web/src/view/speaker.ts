// The speaker's window: notes of the slide that is shown, the next slide, a clock and the time since the start. It is an empty
// window that belongs to this page and is filled from here, so it needs no script of its own.

import type { RevealApi } from "reveal.js";
import { slidesOf } from "./deck";
import { make } from "./dom";

const FEATURES = "popup,width=1100,height=720";

const twoDigits = (n: number): string => String(Math.floor(n)).padStart(2, "0");

export function duration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const rest = `${twoDigits((seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** Keys that the speaker presses in this window and means for the slides. */
const KEYS: Readonly<Record<string, "next" | "prev" | "left" | "right" | "up" | "down">> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  PageUp: "prev",
  PageDown: "next",
  " ": "next",
};

export class SpeakerWindow {
  private shown: Window | undefined;
  private started = Date.now();
  private timer: number | undefined;

  private readonly place = make("p", { class: "speaker-place" });
  private readonly clock = make("p", { class: "speaker-clock" });
  private readonly elapsed = make("p", { class: "speaker-elapsed" });
  private readonly notes = make("div", { class: "speaker-notes-text" });
  private readonly next = make("div", { class: "speaker-next-slide" });

  constructor(
    private readonly deck: RevealApi,
    private readonly slides: HTMLElement,
    private readonly title: () => string,
    private readonly minutes: number | undefined,
  ) {
    for (const event of ["slidechanged", "fragmentshown", "fragmenthidden"]) {
      deck.on(event, () => {
        this.refresh();
      });
    }
    addEventListener("pagehide", () => {
      this.shown?.close();
    });
  }

  /** Opens the window, or brings it to the front. */
  open(): void {
    if (this.shown && !this.shown.closed) {
      this.shown.focus();
      return;
    }
    const opened = window.open("", "", FEATURES);
    if (!opened) {
      alert("The browser did not open the window for speaker notes. Allow pop-ups for this page.");
      return;
    }
    this.shown = opened;
    this.started = Date.now();
    this.build(opened);
    this.refresh();
    clearInterval(this.timer);
    this.timer = window.setInterval(() => {
      this.tick();
    }, 500);
    this.tick();
  }

  refresh(): void {
    if (!this.shown || this.shown.closed) {
      return;
    }
    const current = this.deck.getCurrentSlide();
    const slides = slidesOf(this.slides);
    const at = slides.indexOf(current);
    this.place.textContent = `Slide ${at + 1} of ${slides.length}`;
    const notes = [...current.querySelectorAll("aside.notes")].flatMap((aside) => [...aside.childNodes]);
    this.notes.replaceChildren(...notes.map((node) => node.cloneNode(true)));
    if (notes.length === 0) {
      this.notes.append(make("p", { class: "speaker-none" }, "No notes for this slide."));
    }
    const next = slides[at + 1];
    this.next.replaceChildren(
      ...(next ? [...next.childNodes].map((node) => node.cloneNode(true)) : [make("p", {}, "This is the last slide.")]),
    );
    this.next.querySelectorAll("aside.notes").forEach((aside) => {
      aside.remove();
    });
  }

  private build(opened: Window): void {
    const page = opened.document;
    page.title = `Notes: ${this.title()}`;
    page.documentElement.lang = document.documentElement.lang;
    page.documentElement.className = "speaker";
    page.documentElement.dataset["theme"] = document.documentElement.dataset["theme"] ?? "light";
    page.head.append(...[...document.querySelectorAll("head style")].map((style) => style.cloneNode(true)));
    const restart = make("button", { type: "button", class: "tool" }, "Start the clock again");
    restart.addEventListener("click", () => {
      this.started = Date.now();
      this.tick();
    });
    const step = (words: string, go: () => void): HTMLElement => {
      const made = make("button", { type: "button", class: "tool" }, words);
      made.addEventListener("click", go);
      return made;
    };
    page.body.replaceChildren(
      make("header", {}, this.place, this.elapsed, this.clock),
      make("main", { "aria-label": "Notes" }, this.notes),
      make("aside", { "aria-label": "Next slide" }, make("h2", {}, "Next"), this.next),
      make(
        "footer",
        {},
        step("Back", () => {
          this.deck.prev();
        }),
        step("Next", () => {
          this.deck.next();
        }),
        restart,
      ),
    );
    page.addEventListener("keydown", (event) => {
      const command = KEYS[event.key];
      const onButton = event.key === " " && (event.target as Node).nodeName === "BUTTON";
      if (command && !onButton) {
        event.preventDefault();
        this.deck[command]();
      }
    });
  }

  private tick(): void {
    if (!this.shown || this.shown.closed) {
      clearInterval(this.timer);
      return;
    }
    const seconds = (Date.now() - this.started) / 1000;
    this.clock.textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    this.elapsed.textContent =
      this.minutes === undefined ? duration(seconds) : `${duration(seconds)} of ${duration(this.minutes * 60)}`;
    this.elapsed.classList.toggle("over", this.minutes !== undefined && seconds > this.minutes * 60);
  }
}
