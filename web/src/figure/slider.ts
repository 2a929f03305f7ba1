// A figure that shows one value of a column at a time, and the slider below it that chooses which. The specification has
// the rows of all values and says in `usermeta` how they are told apart; what is drawn is a copy with the rows of one.

import { make } from "../view/dom";

/** More would be no slider to be moved by hand. */
const MOST_STEPS = 1000;

export interface Slider {
  /** The field of rows that tells them apart; rows without it are always shown. */
  readonly field: string;
  readonly title: string;
  readonly values: readonly (number | string)[];
  /** Each value as a reader reads it. */
  readonly texts: readonly string[];
  /** What the figure shows at each value, in words; empty: not said. */
  readonly alternatives: readonly string[];
}

const isObject = (node: unknown): node is Record<string, unknown> =>
  typeof node === "object" && node !== null && !Array.isArray(node);

const isText = (value: unknown): value is string => typeof value === "string";

/** The texts when there is one for each value, else those that `otherwise` gives. */
function textsOf(list: unknown, n: number, otherwise: () => string[]): readonly string[] {
  return Array.isArray(list) && list.length === n && list.every(isText) ? list : otherwise();
}

/** What a specification says of its slider; undefined: it has none. */
export function sliderOf(spec: object): Slider | undefined {
  const usermeta: unknown = (spec as Record<string, unknown>)["usermeta"];
  const slider = isObject(usermeta) ? usermeta["slider"] : undefined;
  if (!isObject(slider)) {
    return undefined;
  }
  const { field, title, values, texts, alternatives } = slider;
  if (!isText(field) || !Array.isArray(values) || values.length === 0 || values.length > MOST_STEPS) {
    return undefined;
  }
  const known = (values as unknown[]).filter((value) => typeof value === "number" || isText(value));
  if (known.length !== values.length) {
    return undefined;
  }
  return {
    field,
    title: isText(title) ? title : field,
    values: known,
    texts: textsOf(texts, known.length, () => known.map(String)),
    alternatives: textsOf(alternatives, known.length, () => []),
  };
}

/** The specification with the rows of one value, wherever it has rows. */
export function atStep(spec: object, { field, values }: Slider, step: number): object {
  const value = values[step];
  const stays = (row: unknown): boolean => !isObject(row) || !(field in row) || row[field] === value;
  const visit = (node: unknown, key = ""): unknown => {
    if (Array.isArray(node)) {
      return key === "values" ? (node as unknown[]).filter(stays) : (node as unknown[]).map((item) => visit(item));
    }
    // Data and layers are all that can hold rows.
    return isObject(node)
      ? Object.fromEntries(
          Object.entries(node).map(([name, inner]) => [
            name,
            ["data", "layer", "values"].includes(name) ? visit(inner, name) : inner,
          ]),
        )
      : node;
  };
  return visit(spec) as object;
}

/** The slider as a control. The arrow keys move it, as every slider of a page. */
export function makeSlider(slider: Slider, moved: (step: number) => void): HTMLElement {
  const at = make("span", { class: "at", "aria-hidden": "true" }, slider.texts[0] ?? "");
  const input = make("input", {
    type: "range",
    min: "0",
    max: String(slider.values.length - 1),
    step: "1",
    value: "0",
    "aria-valuetext": slider.texts[0] ?? "",
  });
  input.addEventListener("input", () => {
    const step = Number(input.value);
    at.textContent = slider.texts[step] ?? "";
    input.setAttribute("aria-valuetext", slider.texts[step] ?? "");
    moved(step);
  });
  // On a slide the keys of a presenter turn slides, wherever the focus is.
  input.addEventListener("keydown", (event) => {
    if (["PageUp", "PageDown", "Escape"].includes(event.key) && input.closest(".reveal")) {
      event.preventDefault();
      input.blur();
    }
  });
  const label = make("label", { class: "slider" }, make("span", { class: "name" }, slider.title), input, at);
  label.classList.toggle("still", slider.values.length === 1);
  return label;
}
