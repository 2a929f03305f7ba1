// Numbers in the prose: `{{study: expression}}` is filled with what the program found for it. What has no value says so.

import type { QuotedValue } from "../page";

const keyOf = (written: string): string => written.trim().replace(/\s+/g, " ");

function fill(place: HTMLElement, value: QuotedValue): void {
  const key = place.dataset["value"] ?? "";
  if ("error" in value) {
    place.className = "value value-error";
    place.textContent = `{{${key}}}`;
    place.title = value.error;
  } else {
    place.className = "value";
    place.textContent = value.text;
    place.title = value.detail ?? "";
  }
}

/** Fills every place below `root`; again on a live page, when the numbers have changed. */
export function fillValues(root: ParentNode, values: ReadonlyMap<string, QuotedValue>): void {
  for (const place of root.querySelectorAll<HTMLElement>("span.value[data-value]")) {
    fill(place, values.get(keyOf(place.dataset["value"] ?? "")) ?? { error: "not computed" });
  }
}
