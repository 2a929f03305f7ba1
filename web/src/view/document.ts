// Document view: the note as one page to read, with its outline at the side.

import type { PageData } from "../page";
import { Content } from "./content";
import { make } from "./dom";
import { followFragments } from "./fragment";
import { Frame, mainElement } from "./frame";
import { followReading, outlined, outlineList } from "./outline";
import type { SchemeSwitch } from "./scheme";
import { Sidebar } from "./sidebar";
import type { View } from "./view";

export class DocumentView implements View {
  private readonly sidebar = new Sidebar("Contents");
  private readonly content: Content;
  private readonly frame: Frame;
  private stopFollowing: (() => void) | undefined;

  constructor(
    private page: PageData,
    scheme: SchemeSwitch,
  ) {
    const main = mainElement();
    this.content = new Content(main);
    this.frame = new Frame(main, this.sidebar, scheme, () => this.page);
  }

  async update(page: PageData): Promise<void> {
    const first = this.stopFollowing === undefined;
    this.page = page;
    const { headings, meta } = this.content.show(page);
    const shown = outlined(headings, meta.toc.maxLevel);
    const list = outlineList(shown);
    this.sidebar.show(...(shown.length > 0 ? [make("h2", { class: "sidebar-title" }, "Contents"), list] : []));
    this.frame.show(page, this.content.isCut);
    this.stopFollowing?.();
    this.stopFollowing = followReading(list);
    const settle = first ? followFragments() : undefined;
    await this.content.draw();
    settle?.();
  }
}
