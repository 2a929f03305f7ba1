// What a live page says at its foot. Nothing is there while nothing is computed and all is well.

import { text, type Fields } from "../json";
import { make } from "./dom";

const number = (value: unknown): number => (typeof value === "number" ? value : 0);

/** 83 as "1:23". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (part: number): string => String(part).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** "random-labels: 12.3 of 36 runs, 182 GFLOP/s, 1:23 left" */
export function progressWords(progress: Fields): string {
  const total = number(progress["total"]);
  const done = Math.round(10 * number(progress["done"])) / 10;
  const waiting = number(progress["waiting"]);
  const rate = text(progress["rate"]);
  const parts = [`${text(progress["study"])}: ${done} of ${total} ${total === 1 ? "run" : "runs"}`];
  if (waiting > 0) {
    parts.push(`${waiting} computed by another process`);
  }
  if (rate !== "") {
    parts.push(rate);
  }
  if (typeof progress["eta"] === "number") {
    parts.push(`${duration(progress["eta"])} left`);
  }
  return parts.join(", ");
}

export class LiveSign {
  private readonly bar = make("progress", { "aria-label": "Runs that are done" });
  private readonly words = make("span", { class: "words" });
  private readonly computing = make("p", { class: "live-computing" }, this.bar, this.words);
  private readonly trouble = make("p", { class: "live-problem", role: "alert" });
  private readonly lost = make("p", { class: "live-gone", role: "alert" });

  constructor() {
    for (const line of [this.lost, this.trouble, this.computing]) {
      line.hidden = true;
    }
    document.body.append(
      make("aside", { class: "live", "aria-label": "Watch" }, this.lost, this.trouble, this.computing),
    );
  }

  /** Of the study that is computed, as the server tells it; no study: nothing is. */
  progress(progress: Fields): void {
    this.computing.hidden = typeof progress["study"] !== "string";
    if (this.computing.hidden) {
      return;
    }
    this.bar.max = Math.max(number(progress["total"]), 1);
    this.bar.value = number(progress["done"]);
    this.words.textContent = progressWords(progress);
  }

  /** Why the note cannot be read; "": it can. */
  problem(message: string): void {
    this.trouble.hidden = message === "";
    this.trouble.textContent = message;
  }

  gone(gone: boolean): void {
    this.lost.hidden = !gone;
    this.lost.textContent = gone ? "The server is gone; this page may be out of date. Start ermine watch again." : "";
    if (gone) {
      this.computing.hidden = true;
    }
  }
}
