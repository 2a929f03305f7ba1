// Links out of the page open beside it and say nothing of where they were. In a book, a link to a chapter's note opens the
// chapter's page.

const REL = "noopener noreferrer nofollow";

function leaves(link: HTMLAnchorElement): boolean {
  return /^https?:$/.test(link.protocol) && link.host !== window.location.host;
}

export function markLinks(root: ParentNode, chapters: ReadonlyMap<string, string> = new Map()): void {
  for (const link of root.querySelectorAll<HTMLAnchorElement>("a[href]")) {
    const [address = "", fragment] = (link.getAttribute("href") ?? "").split("#", 2);
    const chapter = chapters.get(address);
    if (chapter !== undefined) {
      link.setAttribute("href", fragment === undefined ? chapter : `${chapter}#${fragment}`);
    } else if (leaves(link)) {
      link.rel = REL;
      link.target = "_blank";
    }
  }
}
