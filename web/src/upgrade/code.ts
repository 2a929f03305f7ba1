// Colours in code, and the elements that numbered lines are counted by. highlight.js finds the words; its tree is turned into
// elements here, so no HTML text is read.

import { hljs } from "./languages";

/** Longer blocks stay plain: colouring them would hold up the page. */
const LONGEST = 100_000;

interface Scope {
  readonly scope?: string;
  readonly children: readonly (Scope | string)[];
}

/** `title.function` has the colours of `title`; a language within a language (`language:css`) has none of its own. */
const className = (scope: string): string => `hljs-${scope.split(".")[0] ?? scope}`;

function build(node: Scope, into: Node): void {
  for (const child of node.children) {
    if (typeof child === "string") {
      into.appendChild(document.createTextNode(child));
      continue;
    }
    let target = into;
    if (child.scope !== undefined && !child.scope.includes(":")) {
      const span = document.createElement("span");
      span.className = className(child.scope);
      into.appendChild(span);
      target = span;
    }
    build(child, target);
  }
}

function coloured(source: string, language: string): DocumentFragment | undefined {
  if (source.length > LONGEST || !hljs.getLanguage(language)) {
    return undefined;
  }
  const result = hljs.highlight(source, { language, ignoreIllegals: true });
  const tree = (result._emitter as unknown as { rootNode: Scope }).rootNode;
  const fragment = document.createDocumentFragment();
  build(tree, fragment);
  // The text must be the author's to the last character, whatever the words were taken for.
  return fragment.textContent === source ? fragment : undefined;
}

/** Splits the content of a code block into one element for each line; words that reach over a line's end are split too. */
function splitLines(code: HTMLElement): void {
  const lines: HTMLElement[] = [];
  let open: Node[] = [];
  const startLine = (): void => {
    const line = document.createElement("span");
    line.className = "line";
    const path: Node[] = [line];
    for (const scope of open.slice(1)) {
      const again = scope.cloneNode(false);
      path[path.length - 1]?.appendChild(again);
      path.push(again);
    }
    open = path;
    lines.push(line);
  };
  const visit = (node: Node): void => {
    if (node.nodeType === Node.TEXT_NODE) {
      (node.textContent ?? "").split(/(?<=\n)/).forEach((piece) => {
        open[open.length - 1]?.appendChild(document.createTextNode(piece));
        if (piece.endsWith("\n")) {
          startLine();
        }
      });
      return;
    }
    const copy = node.cloneNode(false);
    open[open.length - 1]?.appendChild(copy);
    open.push(copy);
    node.childNodes.forEach(visit);
    open.pop();
  };
  startLine();
  [...code.childNodes].forEach(visit);
  code.replaceChildren(...lines.filter((line) => line.textContent !== ""));
}

function languageOf(code: Element): string {
  const name = [...code.classList].find((word) => word.startsWith("language-"));
  return name?.slice("language-".length).toLowerCase() ?? "";
}

export function colourCode(root: ParentNode): void {
  for (const code of root.querySelectorAll<HTMLElement>("pre > code")) {
    const fragment = coloured(code.textContent, languageOf(code));
    if (fragment) {
      code.replaceChildren(fragment);
    }
    const pre = code.parentElement;
    if (pre?.classList.contains("numbered")) {
      const first = Number.parseInt(pre.dataset["start"] ?? "1", 10);
      code.style.counterReset = `line ${Number.isFinite(first) ? first - 1 : 0}`;
      splitLines(code);
    }
  }
}
