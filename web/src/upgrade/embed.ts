// Fences that ask for a drawing. A Vega-Lite specification becomes a figure like those of studies. The others keep their
// source and say what it is: what draws them would need scripts and styles of its own.

const NAMES: Readonly<Record<string, string>> = {
  mermaid: "A Mermaid diagram",
  graphviz: "A Graphviz graph",
  sequence: "A sequence diagram",
  flow: "A flow chart",
  abc: "Music in ABC notation",
};

function says(words: string): HTMLElement {
  const line = document.createElement("p");
  line.className = "embed-note";
  line.textContent = words;
  return line;
}

function foldedSource(code: Node): HTMLElement {
  const folded = document.createElement("details");
  folded.className = "data";
  const summary = document.createElement("summary");
  summary.textContent = "Specification";
  const pre = document.createElement("pre");
  pre.append(code);
  folded.append(summary, pre);
  return folded;
}

/** Title or description of a specification, for those who do not see the figure. */
function alternative(source: string): string {
  try {
    const spec = JSON.parse(source) as { description?: unknown; title?: unknown } | null;
    const words = [spec?.description, spec?.title].find((word) => typeof word === "string" && word !== "");
    return typeof words === "string" ? words : "A chart";
  } catch {
    return "A chart";
  }
}

function asFigure(pre: HTMLElement): HTMLElement {
  const source = pre.textContent;
  const figure = document.createElement("figure");
  figure.className = "figure";
  const chart = document.createElement("div");
  chart.className = "chart";
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", alternative(source));
  const spec = document.createElement("script");
  spec.type = "application/json";
  spec.className = "spec";
  spec.textContent = source;
  const code = document.createElement("code");
  code.className = "language-json";
  code.textContent = source;
  figure.append(chart, foldedSource(code), spec);
  const box = document.createElement("div");
  box.className = "embed-figure";
  box.append(figure);
  return box;
}

export function upgradeEmbeds(root: ParentNode): void {
  for (const pre of root.querySelectorAll<HTMLElement>("pre.embed[data-kind]")) {
    const kind = pre.dataset["kind"] ?? "";
    if (kind === "vega") {
      pre.replaceWith(asFigure(pre));
      continue;
    }
    const box = document.createElement("div");
    box.className = "embed-box";
    pre.replaceWith(box);
    box.append(says(`${NAMES[kind] ?? "A drawing"}; this page shows its source.`), pre);
  }
}
