// Making elements. Attribute names and tags are written in this package; texts may come from anywhere.

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Words for screen readers only. */
export const unseen = (text: string): HTMLElement => make("span", { class: "unseen" }, text);
