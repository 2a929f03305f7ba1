// Shows a page in the view that its address asks for, and shows newer versions of it in the same view.

import type { PageData, ViewName } from "../page";
import { focusScrollers } from "../upgrade/scroll";
import { BookView } from "./book";
import { DocumentView } from "./document";
import { make } from "./dom";
import { SchemeSwitch } from "./scheme";
import { SlidesView } from "./slides";
import type { View } from "./view";

/** `?view=slides`, `?view=document`; paper for slides is asked for with `?print-pdf`. Nothing else of the address counts. */
export function viewFor(page: PageData, query: string): ViewName {
  const asked = new URLSearchParams(query);
  const view = asked.get("view");
  if (view === "slides" || asked.has("print-pdf")) {
    return "slides";
  }
  return view === "document" ? (page.book ? "book" : "document") : page.view;
}

function open(page: PageData): View {
  const scheme = new SchemeSwitch(document.documentElement);
  const name = viewFor(page, window.location.search);
  document.documentElement.dataset["view"] = name;
  if (name === "slides") {
    return new SlidesView(page, scheme);
  }
  return name === "book" && page.book ? new BookView(page, scheme, page.book) : new DocumentView(page, scheme);
}

/** A page that cannot be shown says why and leaves the note's text to be read. */
function showFailure(page: PageData, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const main = document.querySelector("main") ?? document.body;
  main.append(
    make("p", { class: "study-error", role: "alert" }, `This page could not be shown: ${message}`),
    make("pre", {}, make("code", {}, page.source)),
  );
}

let view: View | undefined;

/** Shows `page`: the whole page at first, and after that what has changed in it. */
export function showPage(page: PageData): void {
  const root = document.documentElement;
  const upgrade = async (): Promise<void> => {
    const first = view === undefined;
    view ??= open(page);
    if (page.title !== "") {
      document.title = page.title;
    }
    await view.update(page);
    if (first) {
      focusScrollers(document);
    }
  };
  upgrade()
    .catch((error: unknown) => {
      showFailure(page, error);
    })
    .finally(() => {
      root.dataset["upgraded"] = "";
    });
}
