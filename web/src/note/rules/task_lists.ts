// Task lists: a list item that begins with [ ], [x] or [X] and a blank gets a checkbox.

import { shared, type Parser, type StateCore, type Token } from "../types";

const BOX = /^\[([ xX])\](?=[ \t])/;

function taskLists(state: StateCore): void {
  const env = shared(state.env);
  const lists: Token[] = [];
  state.tokens.forEach((token, index) => {
    if (token.type === "bullet_list_open" || token.type === "ordered_list_open") {
      lists.push(token);
    } else if (token.type === "bullet_list_close" || token.type === "ordered_list_close") {
      lists.pop();
    }
    const item = state.tokens[index - 2];
    const first = token.children?.[0];
    const box =
      token.type === "inline" && item?.type === "list_item_open" && first?.type === "text" && BOX.exec(first.content);
    if (!box) {
      return;
    }
    first.content = first.content.slice(box[0].length);
    const checkbox = new state.Token("task_checkbox", "input", 0);
    checkbox.attrs = [
      ["class", "task-list-item-checkbox"],
      ["disabled", ""],
      ["type", "checkbox"],
    ];
    if (box[1] !== " ") {
      checkbox.attrs.push(["checked", ""]);
    }
    if (env.lines && item.map) {
      checkbox.attrs.push(["data-line", String(item.map[0] + env.above)]);
    }
    token.children?.unshift(checkbox);
    item.attrSet("class", "task-list-item");
    lists.at(-1)?.attrSet("class", "contains-task-list");
  });
}

export function taskListRule(md: Parser): void {
  md.core.ruler.after("text_join", "task_lists", taskLists);
}
