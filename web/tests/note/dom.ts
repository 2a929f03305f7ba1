// A document for what needs one: the sanitiser and what renders through it.

import { JSDOM, type DOMWindow } from "jsdom";

/** Makes a fresh window the global one. Scripts would run in it if one came in. */
export function openWindow(): DOMWindow {
  const { window } = new JSDOM("<!doctype html><body></body>", { runScripts: "dangerously", pretendToBeVisual: true });
  Object.assign(globalThis, { window, document: window.document });
  return window;
}

/** The markup of a fragment, for comparing. */
export function markup(body: DocumentFragment): string {
  const box = document.createElement("div");
  box.append(body.cloneNode(true));
  return new window.XMLSerializer().serializeToString(box).replace(/ xmlns="[^"]*"/g, "");
}
