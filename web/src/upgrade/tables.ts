// A table that is wider than the page scrolls inside its own box.

export function boxTables(root: ParentNode): void {
  for (const table of root.querySelectorAll("table")) {
    if (!table.closest(".scroll")) {
      const box = document.createElement("div");
      box.className = "scroll";
      table.replaceWith(box);
      box.append(table);
    }
  }
}
