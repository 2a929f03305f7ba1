// Shows a new version of a note by replacing only the blocks that differ, so that the reader's place, open details and
// drawings stay. Blocks are compared as they were rendered, before formulas, colours and figures were put into them.

export class Blocks {
  private rendered: Node[] = [];
  private shown: ChildNode[] = [];

  /** `root` holds the blocks and nothing else. */
  constructor(private readonly root: HTMLElement) {}

  /** `upgrade` works on the new blocks before they are inserted; it must leave one node for each that it finds. */
  show(body: DocumentFragment, upgrade: (fresh: DocumentFragment) => void): void {
    const rendered = [...body.childNodes].map((node) => node.cloneNode(true));
    const most = Math.min(rendered.length, this.rendered.length);
    const same = (old: number, now: number): boolean => this.rendered[old]?.isEqualNode(rendered[now] ?? null) ?? false;
    let head = 0;
    while (head < most && same(head, head)) {
      head += 1;
    }
    let tail = 0;
    while (tail < most - head && same(this.rendered.length - 1 - tail, rendered.length - 1 - tail)) {
      tail += 1;
    }
    const kept = this.shown.slice(this.shown.length - tail);
    const fresh = document.createDocumentFragment();
    fresh.append(...[...body.childNodes].slice(head, rendered.length - tail));
    upgrade(fresh);
    const added = [...fresh.childNodes];
    this.shown.slice(head, this.shown.length - tail).forEach((node) => {
      node.remove();
    });
    this.root.insertBefore(fresh, kept[0] ?? null);
    this.shown = [...this.shown.slice(0, head), ...added, ...kept];
    this.rendered = rendered;
  }
}
