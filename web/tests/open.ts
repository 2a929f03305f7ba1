// Opens a page as a browser would: the built script runs in it, eval and Function do not.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { JSDOM, VirtualConsole, type DOMWindow } from "jsdom";
import { oneStudy, page, type Bundle, type Written } from "./fixtures/note";

const script = readFileSync("dist/page.js", "utf8");
const style = readFileSync("dist/page.css", "utf8");

export const bundle: Bundle = { script, style, hash: createHash("sha256").update(script).digest("base64") };

export interface Opened {
  readonly window: DOMWindow;
  readonly document: Document;
  /** What went to the console as an error, and what was thrown. */
  readonly complaints: readonly string[];
  /** Addresses that the page asked for. */
  readonly requests: readonly string[];
  /** What the system's setting changes to. */
  readonly setDark: (dark: boolean) => void;
  /** Waits until `condition` holds. */
  readonly until: (condition: () => boolean) => Promise<void>;
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function forbidEval(window: DOMWindow): void {
  const refuse = (): never => {
    throw new window.EvalError("the page's policy has no eval");
  };
  const scope = window as unknown as { Function: FunctionConstructor; eval: unknown };
  const guarded = new Proxy(scope.Function, { apply: refuse, construct: refuse });
  scope.Function.prototype.constructor = guarded;
  scope.Function = guarded;
  scope.eval = refuse;
}

/** What jsdom lacks and every browser has, doing nothing or the least that can be asked. */
function supply(window: DOMWindow): void {
  Object.assign(window, { structuredClone, print: () => undefined, alert: () => undefined });
  Object.assign(window.URL, { createObjectURL: () => "blob:test", revokeObjectURL: () => undefined });
  window.Element.prototype.scrollIntoView = function () {
    this.setAttribute("data-scrolled-to", "");
  };
  const dialog = window.HTMLDialogElement.prototype;
  dialog.showModal = function () {
    this.open = true;
  };
  dialog.close = function () {
    this.open = false;
    this.dispatchEvent(new window.Event("close"));
  };
}

interface Surroundings {
  /** The system's setting. */
  readonly dark?: boolean;
  /** Of every element, in CSS pixels; 0 for a page without layout. */
  readonly width?: number;
  /** Query and fragment of the page's address. */
  readonly at?: string;
  /** What the page's window has more than others, before its script runs. */
  readonly prepare?: (window: DOMWindow) => void;
}

/** Opens a page; a text stands for the figures of a note that is one study. */
export async function open(
  content: string | Written,
  { dark = false, width = 0, at = "", prepare }: Surroundings = {},
): Promise<Opened> {
  const complaints: string[] = [];
  const requests: string[] = [];
  const virtualConsole = new VirtualConsole();
  virtualConsole.on("error", (...words: unknown[]) => complaints.push(words.map(String).join(" ")));
  virtualConsole.on("jsdomError", (error: Error) => {
    // jsdom does not draw on a canvas, which Vega asks for to measure text, and does not follow links.
    if (!error.message.includes("Not implemented")) {
      complaints.push(error.message);
    }
  });
  const listeners: (() => void)[] = [];
  const scheme = { matches: dark, addEventListener: (_type: string, listener: () => void) => listeners.push(listener) };
  const otherMedia = { matches: false, addEventListener: () => undefined };
  const written = typeof content === "string" ? oneStudy(content) : content;

  // The style sheet is left out: jsdom would spend seconds on it and lays nothing out.
  const { window } = new JSDOM(page(written, { ...bundle, style: "" }), {
    url: `file:///notes/note.html${at}`,
    runScripts: "dangerously",
    pretendToBeVisual: true,
    virtualConsole,
    beforeParse: (created) => {
      forbidEval(created);
      supply(created);
      const record = (address: unknown): Promise<never> => {
        requests.push(String(address));
        return Promise.reject(new Error("no network"));
      };
      Object.assign(created, {
        matchMedia: (query: string) => (query.includes("prefers-color-scheme") ? scheme : otherMedia),
        fetch: record,
      });
      created.XMLHttpRequest.prototype.open = function (_method: string, address: string | URL) {
        requests.push(String(address));
      };
      if (width > 0) {
        Object.defineProperty(created.HTMLElement.prototype, "clientWidth", { get: () => width });
      }
      prepare?.(created);
    },
  });
  const { document } = window;
  const until = async (condition: () => boolean): Promise<void> => {
    for (let waited = 0; !condition(); waited += 5) {
      if (waited > 5000) {
        throw new Error(`still waiting for ${condition.toString()}; ${complaints.join("; ")}`);
      }
      await pause(5);
    }
  };
  await until(() => "upgraded" in document.documentElement.dataset);
  return {
    window,
    document,
    complaints,
    requests,
    until,
    setDark: (now) => {
      scheme.matches = now;
      listeners.forEach((listener) => {
        listener();
      });
    },
  };
}

/** The one element; the test fails if it is missing. */
export function one(root: ParentNode, selector: string): Element {
  const found = root.querySelector(selector);
  if (!found) {
    throw new Error(`no ${selector}`);
  }
  return found;
}

export const pathsOf = (root: ParentNode, mark: string): Element[] => [...root.querySelectorAll(`.mark-${mark} path`)];
