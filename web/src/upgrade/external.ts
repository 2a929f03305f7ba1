// A video, a gist or slides elsewhere: a link in a box that says where it leads. Nothing of it is loaded.

const SERVICES: Readonly<Record<string, string>> = {
  youtube: "Video on YouTube",
  vimeo: "Video on Vimeo",
  gist: "Gist on GitHub",
  slideshare: "Slides on SlideShare",
  speakerdeck: "Slides on Speaker Deck",
  pdf: "PDF document",
};

export function labelExternals(root: ParentNode): void {
  for (const box of root.querySelectorAll<HTMLElement>("div.external[data-kind]")) {
    const service = SERVICES[box.dataset["kind"] ?? ""];
    if (service !== undefined && !box.querySelector(".external-kind")) {
      const label = document.createElement("span");
      label.className = "external-kind";
      label.textContent = service;
      box.prepend(label);
    }
  }
}
