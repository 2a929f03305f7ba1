// Links out of the page open beside it and say nothing of where they were. In a book, a link to a chapter's note opens the
// chapter's page.

const REL = "noopener noreferrer nofollow";

/** Stands for the page in addresses that are read as those of a served page. */
const SERVED = "http://page.invalid/";

const isElsewhere = ({ protocol, host }: URL | HTMLAnchorElement): boolean =>
  /^https?:$/.test(protocol) && host !== window.location.host;

/** Whether the link leads to another host, from this page or from the same page served: `//host` names none for a file. */
function leaves(link: HTMLAnchorElement): boolean {
  const served = new URL(SERVED);
  try {
    const written = new URL(link.getAttribute("href") ?? "", served);
    return isElsewhere(link) || (written.host !== served.host && isElsewhere(written));
  } catch {
    return false;
  }
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
