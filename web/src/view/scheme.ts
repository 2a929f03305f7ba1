// Light or dark. The reader's choice comes first, then what the view asks for (a slide theme), then the system's setting.
// The outcome stands in `data-theme` of the root element, where style sheet and figures find it.

import { remember, remembered } from "./memory";

export type Scheme = "light" | "dark";
export type Choice = Scheme | "system";

const NAME = "scheme";
/** The order in which the switch goes round. */
const NEXT: Readonly<Record<Choice, Choice>> = { system: "light", light: "dark", dark: "system" };

const isScheme = (value: unknown): value is Scheme => value === "light" || value === "dark";

export class SchemeSwitch {
  private readonly system = matchMedia("(prefers-color-scheme: dark)");
  private chosen: Choice;
  private wanted: Scheme | undefined;
  private fixed: Scheme | undefined;

  constructor(private readonly root: HTMLElement) {
    const kept = remembered(NAME);
    this.chosen = isScheme(kept) ? kept : "system";
    this.system.addEventListener("change", () => {
      this.apply();
    });
    this.apply();
  }

  get choice(): Choice {
    return this.chosen;
  }

  /** What the view asks for as long as the reader has chosen nothing. */
  want(scheme: Scheme | undefined): void {
    this.wanted = scheme;
    this.apply();
  }

  /** For paper, whatever the reader likes on a screen. */
  fix(scheme: Scheme): void {
    this.fixed = scheme;
    this.apply();
  }

  turn(): void {
    this.chosen = NEXT[this.chosen];
    remember(NAME, this.chosen === "system" ? null : this.chosen);
    this.apply();
  }

  private apply(): void {
    const scheme = this.chosen === "system" ? (this.wanted ?? (this.system.matches ? "dark" : "light")) : this.chosen;
    const outcome = this.fixed ?? scheme;
    if (this.root.dataset["theme"] !== outcome) {
      this.root.dataset["theme"] = outcome;
    }
  }
}
