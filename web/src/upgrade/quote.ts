// `[color=…]` in a quote colours its border. The renderer has taken it out of the text; it is checked again here.

const COLOUR = /^(?:#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z]{1,30})$/i;

export function colourQuotes(root: ParentNode): void {
  for (const quote of root.querySelectorAll<HTMLElement>("blockquote[data-color]")) {
    const colour = quote.dataset["color"] ?? "";
    if (COLOUR.test(colour)) {
      quote.style.borderInlineStartColor = colour;
    }
  }
}
