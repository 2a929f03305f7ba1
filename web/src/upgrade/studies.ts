// Moves each study's section to its place in the prose. Program and renderer find studies each in their own way; where they
// disagree the page says so: a place without a section gets an error, a section without a place goes to the end.

interface Kept {
  /** The section as it was written, before anything was drawn in it. */
  readonly written: HTMLElement;
  readonly shown: HTMLElement;
}

/** The same but for the line, which moves when text above it changes. */
function sameSection(a: HTMLElement, b: HTMLElement): boolean {
  const [left, right] = [a.cloneNode(true) as HTMLElement, b.cloneNode(true) as HTMLElement];
  delete left.dataset["line"];
  delete right.dataset["line"];
  return left.isEqualNode(right);
}

function alertParagraph(message: string): HTMLElement {
  const paragraph = document.createElement("p");
  paragraph.className = "study-error";
  paragraph.setAttribute("role", "alert");
  paragraph.textContent = message;
  return paragraph;
}

function withoutPlace(sections: readonly HTMLElement[], file: string): HTMLElement {
  const box = document.createElement("div");
  box.className = "unplaced";
  const lines = sections.map((section) => section.dataset["line"] ?? "?").join(", ");
  box.append(
    alertParagraph(`${file}: the place of what follows was not found in the text (line ${lines})`),
    ...sections,
  );
  return box;
}

/** The studies of one page. A section that comes again unchanged stays the element it is, with its figures drawn. */
export class Studies {
  private kept = new Map<string, Kept>();
  private readonly fences = new WeakMap<Element, readonly Node[]>();

  /** `shape` turns a new section into what the view shows. Gives a box with the sections that found no place, if any. */
  place(
    root: ParentNode,
    sections: readonly HTMLElement[],
    file: string,
    shape = (section: HTMLElement): HTMLElement => section,
  ): HTMLElement | undefined {
    const byLine = new Map<string, HTMLElement>();
    const kept = new Map<string, Kept>();
    for (const section of sections) {
      const line = section.dataset["line"] ?? "";
      const before = this.kept.get(section.id);
      const now =
        before && sameSection(before.written, section)
          ? before
          : { written: section.cloneNode(true) as HTMLElement, shown: shape(section) };
      now.shown.dataset["line"] = line;
      kept.set(section.id, now);
      byLine.set(line, now.shown);
    }
    this.kept = kept;
    for (const place of root.querySelectorAll<HTMLElement>("div.study-place[data-line]")) {
      const line = place.dataset["line"] ?? "";
      const section = byLine.get(line);
      byLine.delete(line);
      if (section) {
        this.fill(place, section);
      } else {
        this.report(place, `${file}:${line}: this study was not run`);
      }
    }
    return byLine.size > 0 ? withoutPlace([...byLine.values()], file) : undefined;
  }

  private fill(place: HTMLElement, section: HTMLElement): void {
    this.remember(place);
    if (section.parentElement !== place || place.childNodes.length !== 1) {
      place.replaceChildren(section);
    }
  }

  private report(place: HTMLElement, message: string): void {
    place.replaceChildren(alertParagraph(message), ...this.remember(place));
  }

  /** What the renderer put into the place: the fence's text. */
  private remember(place: HTMLElement): readonly Node[] {
    const fence = this.fences.get(place) ?? [...place.childNodes];
    this.fences.set(place, fence);
    return fence;
  }
}
