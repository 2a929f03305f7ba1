// The note itself in document and book view: rendered, with its studies in their places, its values filled in, and its
// formulas and figures drawn. Shown again with a newer text it changes only what differs.

import { drawFigures } from "../figure/figure";
import { render, type Note } from "../note/render";
import type { PageData } from "../page";
import { colourCode } from "../upgrade/code";
import { upgradeEmbeds } from "../upgrade/embed";
import { labelExternals } from "../upgrade/external";
import { drawMath } from "../upgrade/math";
import { addPaperLine } from "../upgrade/paper";
import { placePictures } from "../upgrade/pictures";
import { colourQuotes } from "../upgrade/quote";
import { Studies } from "../upgrade/studies";
import { boxTables } from "../upgrade/tables";
import { labelTasks } from "../upgrade/tasks";
import { fillValues } from "../upgrade/values";
import { Blocks } from "./blocks";
import { make } from "./dom";
import { markLinks } from "./links";
import { addPermalinks } from "./permalinks";

/** Ids that headings leave to the page: its own and those of studies and figures. */
export function reservedIds(page: PageData): Set<string> {
  const ids = page.studies.flatMap((section) => [section, ...section.querySelectorAll("[id]")]).map(({ id }) => id);
  return new Set(["note", ...ids]);
}

/** What the page cannot read in the note's head. */
export function problemNotice(note: Note): HTMLElement | undefined {
  if (!note.problem) {
    return undefined;
  }
  const { line, message } = note.problem;
  return make("p", { class: "notice", role: "note" }, `Metadata not understood: line ${line}: ${message}`);
}

/** What is done to the blocks of a note in every view. */
export function upgradeBlocks(fresh: ParentNode, page: PageData): void {
  boxTables(fresh);
  upgradeEmbeds(fresh);
  colourCode(fresh);
  colourQuotes(fresh);
  labelExternals(fresh);
  labelTasks(fresh);
  markLinks(fresh, page.book?.links);
}

export function upgradeSection(section: HTMLElement): HTMLElement {
  colourCode(section);
  addPaperLine(section);
  return section;
}

export class Content {
  private readonly studies = new Studies();
  private readonly blocks: Blocks;
  private readonly head = make("div");
  private readonly body = make("div", { class: "body" });
  private readonly foot = make("div");

  constructor(private readonly main: HTMLElement) {
    main.append(this.head, this.body, this.foot);
    this.blocks = new Blocks(this.body);
  }

  /** Inserts everything that is text. */
  show(page: PageData): Note {
    const note = render(page.source, { reserved: reservedIds(page) });
    placePictures(note.body, page.pictures);
    this.main.lang = note.meta.lang;
    this.main.dir = note.meta.dir ?? "";
    this.blocks.show(note.body, (fresh) => {
      upgradeBlocks(fresh, page);
      addPermalinks(fresh);
    });
    const unplaced = this.studies.place(this.body, page.studies, page.file, upgradeSection);
    this.head.replaceChildren(...[problemNotice(note)].filter((notice) => notice !== undefined));
    this.foot.replaceChildren(...[unplaced].filter((box) => box !== undefined));
    fillValues(this.body, page.values);
    void drawMath(this.body);
    return note;
  }

  /** Draws the figures that have not been drawn. */
  async draw(): Promise<void> {
    await drawFigures(this.main);
  }
}
