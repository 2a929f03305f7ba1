// The only place where HTML text becomes DOM. The text is parsed by the browser and cut down to the lists of allowed.ts, after
// every other step; whatever comes later works on the DOM.
//
// Elements of the renderer carry `mark`, a random text that the author of a note cannot know. They keep their ids, classes and
// data. On all others, that is on raw HTML, ids get the prefix "u-" and only public classes stay: a note cannot dress up as
// a part of the page.

import createDOMPurify, { type Config, type DOMPurify } from "dompurify";
import { ATTRIBUTES, ELEMENTS, FORBIDDEN_CONTENT, OWN_DATA, isAllowedAddress, isRawData } from "./allowed";
import { publicClasses } from "./classes";
import { OWN } from "./rules/own";

export interface SanitiseOptions {
  /** What the renderer marked its own elements with; without it, all is raw HTML. */
  readonly mark?: string;
  /** `aside`, for speaker notes. */
  readonly slides?: boolean;
}

const RAW_ID = "u-";

const config = (slides: boolean): Config => ({
  ALLOWED_TAGS: [...ELEMENTS, ...(slides ? ["aside"] : [])],
  ALLOWED_ATTR: [...ATTRIBUTES, ...OWN_DATA],
  FORBID_CONTENTS: [...FORBIDDEN_CONTENT],
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  // What is no address may look like one.
  ADD_URI_SAFE_ATTR: [...ATTRIBUTES, ...OWN_DATA].filter((name) => name !== "href" && name !== "src"),
  // Looser than our own check of addresses, which comes first and knows the element.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel|data):|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
  // Ids are either made by the renderer or prefixed, and there are no names; a heading may be called "title".
  SANITIZE_DOM: false,
});

function settleClasses(element: Element): void {
  const classes = publicClasses(element.className);
  if (classes === "") {
    element.removeAttribute("class");
  } else {
    element.className = classes;
  }
}

/** What raw HTML may not keep although an element of the renderer may. */
function settleRaw(element: Element): void {
  if (element.id !== "") {
    element.id = RAW_ID + element.id;
  }
  if (element.hasAttribute("class")) {
    settleClasses(element);
  }
  element.removeAttribute("role");
  for (const { name } of [...element.attributes]) {
    if (name.startsWith("data-") && !isRawData(name)) {
      element.removeAttribute(name);
    }
  }
}

/** Inputs are the boxes of task lists, and those do nothing. */
const isTaskBox = (input: Element): boolean =>
  input.getAttribute("type")?.toLowerCase() === "checkbox" && input.hasAttribute("disabled");

/** The mark of the text that is being sanitised: hooks know only the element. */
let currentMark = "";

function purifier(): DOMPurify {
  const purify = createDOMPurify(window);
  purify.addHook("beforeSanitizeAttributes", (element) => {
    if (element.nodeType !== window.Node.ELEMENT_NODE) {
      return;
    }
    const own = element.getAttribute(OWN);
    element.removeAttribute(OWN);
    if (currentMark === "" || own !== currentMark) {
      settleRaw(element);
    }
  });
  purify.addHook("uponSanitizeAttribute", (element, data) => {
    if (data.attrName === "href" || data.attrName === "src") {
      data.keepAttr &&= isAllowedAddress(data.attrValue, element.localName);
    }
  });
  purify.addHook("afterSanitizeAttributes", (element) => {
    if (element.localName === "input" && !isTaskBox(element)) {
      element.remove();
    }
  });
  return purify;
}

const purifiers = new WeakMap<Window, DOMPurify>();

export function sanitise(html: string, { mark = "", slides = false }: SanitiseOptions = {}): DocumentFragment {
  const purify = purifiers.get(window) ?? purifier();
  purifiers.set(window, purify);
  currentMark = mark;
  return purify.sanitize(html, { ...config(slides), RETURN_DOM_FRAGMENT: true });
}
