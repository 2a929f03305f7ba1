// The boxes of task lists say what they mean to those who do not see them. Nobody can tick them on a page.

export function labelTasks(root: ParentNode): void {
  for (const box of root.querySelectorAll<HTMLInputElement>("input.task-list-item-checkbox")) {
    box.setAttribute("aria-label", box.checked ? "Done" : "To do");
  }
}
