// The buttons above a note: the other view, printing, the source, light or dark. Words beside the signs where there is room.

import type { PageData } from "../page";
import { make } from "./dom";
import { icon, type IconName } from "./icons";
import type { Choice, SchemeSwitch } from "./scheme";

const SCHEME_NAMES: Readonly<Record<Choice, string>> = { system: "System", light: "Light", dark: "Dark" };

const inside = (sign: IconName, words: string): Node[] => [icon(sign), make("span", { class: "words" }, words)];

export function button(sign: IconName, words: string, press: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", class: "tool", title: words }, ...inside(sign, words));
  made.addEventListener("click", press);
  return made;
}

/** Another view of the page is another address, so that it can be linked and the way back is the browser's. */
export const viewLink = (sign: IconName, words: string, query: string): HTMLAnchorElement =>
  make("a", { class: "tool", title: words, href: `?${query}` }, ...inside(sign, words));

export function schemeButton(scheme: SchemeSwitch): HTMLButtonElement {
  const made = make("button", { type: "button", class: "tool" });
  const label = (): void => {
    const { choice } = scheme;
    made.replaceChildren(...inside(choice, SCHEME_NAMES[choice]));
    made.title = "Light, dark, or as the system is set";
    made.setAttribute("aria-label", `Colours: ${SCHEME_NAMES[choice]}`);
  };
  made.addEventListener("click", () => {
    scheme.turn();
    label();
  });
  label();
  return made;
}

/** The note's text in a box over the page. */
export function sourceButton(page: () => PageData): HTMLButtonElement {
  return button("source", "Source", () => {
    const { file, source } = page();
    const dialog = make("dialog", { class: "source-view", "aria-label": `Source of ${file}` });
    const close = button("close", "Close", () => {
      dialog.close();
    });
    const address = URL.createObjectURL(new Blob([source], { type: "text/markdown" }));
    const save = make("a", { class: "tool", href: address, download: file || "note.md" }, "Save");
    dialog.append(
      make("header", {}, make("strong", {}, file), save, close),
      make("pre", { tabindex: "0" }, make("code", {}, source)),
    );
    dialog.addEventListener("close", () => {
      URL.revokeObjectURL(address);
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const printButton = (): HTMLButtonElement =>
  button("print", "Print", () => {
    print();
  });
