// Numbers in the prose: `{{study: expression}}` is filled with what the program found for it. Where a number comes from opens
// beside it, by mouse, finger or key, and stays open on paper. What has no value says why.

import type { QuotedValue } from "../page";

const keyOf = (written: string): string => written.trim().replace(/\s+/g, " ");

/** What each place was filled with: a live page leaves what is still true as the reader has it. */
const filled = new WeakMap<HTMLElement, string>();

function span(name: string, text: string): HTMLElement {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = text;
  return made;
}

/** Lets the number open and close what stands behind it. A span, since a button's text is not selected with the prose. */
function opens(number: HTMLElement, detail: HTMLElement): void {
  const toggle = (): void => {
    detail.hidden = !detail.hidden;
    number.setAttribute("aria-expanded", String(!detail.hidden));
  };
  number.tabIndex = 0;
  number.setAttribute("role", "button");
  number.setAttribute("aria-expanded", "false");
  number.addEventListener("click", toggle);
  number.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === " ") && !event.ctrlKey && !event.altKey && !event.metaKey) {
      // Not the page's keys: the blank scrolls, and turns slides.
      event.preventDefault();
      event.stopPropagation();
      toggle();
    }
  });
}

function fill(place: HTMLElement, value: QuotedValue): void {
  const key = place.dataset["value"] ?? "";
  if ("error" in value) {
    place.className = "value value-error";
    place.replaceChildren(`{{${key}}}`, span("value-reason", ` (${value.error})`));
    return;
  }
  place.className = "value";
  const detail = value.detail ?? "";
  if (detail === "") {
    place.replaceChildren(value.text);
    return;
  }
  const number = span("value-number", value.text);
  const behind = span("value-detail", ` (${detail})`);
  number.title = detail;
  behind.hidden = true;
  // In a link or a summary the click has another meaning.
  if (!place.closest("a[href], summary")) {
    opens(number, behind);
  }
  place.replaceChildren(number, behind);
}

/** Fills every place below `root`; again on a live page, when the numbers have changed. */
export function fillValues(root: ParentNode, values: ReadonlyMap<string, QuotedValue>): void {
  for (const place of root.querySelectorAll<HTMLElement>("span.value[data-value]")) {
    const value = values.get(keyOf(place.dataset["value"] ?? "")) ?? { error: "not computed" };
    const written = JSON.stringify(value);
    if (filled.get(place) !== written) {
      filled.set(place, written);
      fill(place, value);
    }
  }
}
