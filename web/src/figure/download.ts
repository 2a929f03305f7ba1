// SVG and PNG of a figure as it is drawn: its width and colours, on the page's paper. They are made in the browser and handed
// over as data: addresses, which work from file:// and under the page's policy.

import { medium } from "./medium";

const SVG = "http://www.w3.org/2000/svg";

/** Pixels of the PNG for each CSS pixel. */
const SCALE = 2;

/** The drawing as a file of its own. Vega names fonts and colours on every mark, so no style sheet is missing. */
export function standaloneSvg(drawn: SVGSVGElement, paper: string, description: string): string {
  const svg = drawn.cloneNode(true) as SVGSVGElement;
  const title = document.createElementNS(SVG, "title");
  title.textContent = description;
  const background = document.createElementNS(SVG, "rect");
  background.setAttribute("width", "100%");
  background.setAttribute("height", "100%");
  background.setAttribute("fill", paper);
  svg.removeAttribute("class");
  svg.removeAttribute("style");
  svg.prepend(title, background);
  return new XMLSerializer().serializeToString(svg);
}

const svgAddress = (svg: string): string => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

async function pngAddress(svg: string, drawn: SVGSVGElement): Promise<string> {
  const image = new Image();
  image.src = svgAddress(svg);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(Number(drawn.getAttribute("width")) * SCALE);
  canvas.height = Math.round(Number(drawn.getAttribute("height")) * SCALE);
  const context = canvas.getContext("2d");
  if (!context) {
    throw new Error("there is no canvas to draw on");
  }
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}

function hand(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

async function save(kind: "svg" | "png", figure: HTMLElement, chart: HTMLElement): Promise<void> {
  const drawn = chart.querySelector("svg");
  if (!drawn) {
    throw new Error("nothing is drawn yet");
  }
  const svg = standaloneSvg(drawn, medium().palette.paper, chart.getAttribute("aria-label") ?? figure.id);
  hand(kind === "svg" ? svgAddress(svg) : await pngAddress(svg, drawn), `${figure.id || "figure"}.${kind}`);
}

function button(kind: "svg" | "png", figure: HTMLElement, chart: HTMLElement, failure: HTMLElement): HTMLElement {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = kind.toUpperCase();
  element.setAttribute("aria-label", `${kind.toUpperCase()} of figure ${figure.id}`);
  element.addEventListener("click", () => {
    failure.textContent = "";
    save(kind, figure, chart).catch((error: unknown) => {
      failure.textContent = `Not saved: ${error instanceof Error ? error.message : String(error)}`;
    });
  });
  return element;
}

/** Buttons below the figure; none are added twice. */
export function offerDownloads(figure: HTMLElement, chart: HTMLElement): void {
  if (figure.querySelector(":scope > .save")) {
    return;
  }
  const box = document.createElement("div");
  box.className = "save";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Save the picture");
  const failure = document.createElement("span");
  failure.setAttribute("role", "status");
  box.append(failure, button("svg", figure, chart, failure), button("png", figure, chart, failure));
  const data = figure.querySelector(":scope > details.data");
  if (data) {
    data.before(box);
  } else {
    figure.append(box);
  }
}

export function withdrawDownloads(figure: HTMLElement): void {
  figure.querySelector(":scope > .save")?.remove();
}
