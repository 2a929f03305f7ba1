// What paper says of a study's numbers: one line, taken from the list that is folded on the screen.

/** Runs, seeds, date and version of a section's list; undefined: it has none. */
export function provenanceLine(section: ParentNode): string | undefined {
  const said = new Map<string, string>();
  for (const term of section.querySelectorAll("details.provenance dt")) {
    const value = term.nextElementSibling;
    if (value?.tagName === "DD") {
      said.set(term.textContent.trim(), value.textContent.trim().replace(/\s+/g, " "));
    }
  }
  const runs = said.get("runs");
  if (runs === undefined) {
    return undefined;
  }
  const part = (name: string, words = name): string => (said.has(name) ? `${words} ${said.get(name)}` : "");
  const parts = [`${runs} ${runs === "1" ? "run" : "runs"}`, part("seeds"), part("seed"), part("when", "computed")];
  const version = said.get("version");
  const name = said.get("study");
  const told = [...parts, version === undefined ? "" : `by ${version}`].filter((words) => words !== "");
  return `${name === undefined ? "" : `${name}: `}${told.join(", ")}`;
}

/** Adds the line at the end of a study's section. Style sheets show it on paper only. */
export function addPaperLine(section: HTMLElement): void {
  const words = provenanceLine(section);
  if (words !== undefined) {
    const line = document.createElement("p");
    line.className = "on-paper";
    line.textContent = words;
    section.append(line);
  }
}
