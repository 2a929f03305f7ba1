// Reads a page as the program wrote it (the contract in README.md): the note's source, the sections of its studies, and the
// page's data. Nothing is shown here; the same function reads the page itself and a newer one that a live page has fetched.

import { isFields, text, type Fields } from "./json";
import { readBook, type Book } from "./view/book_data";

export type ViewName = "document" | "slides" | "book";

/** What a quoted value in the prose stands for, or why it stands for nothing. */
export type QuotedValue = { readonly text: string; readonly detail?: string } | { readonly error: string };

export interface PageData {
  readonly view: ViewName;
  /** A page that `ermine watch` serves and keeps fresh. */
  readonly live: boolean;
  /** Name of the note's file, for messages. */
  readonly file: string;
  readonly version: string;
  readonly title: string;
  /** The note's whole text, front matter included. */
  readonly source: string;
  /** By the text between the braces, white space as one blank. */
  readonly values: ReadonlyMap<string, QuotedValue>;
  /** Data addresses of the pictures that lie beside the note, by their addresses as the note writes them. */
  readonly pictures: ReadonlyMap<string, string>;
  /** One for each study, in the note's order; they belong to no document tree any more. */
  readonly studies: readonly HTMLElement[];
  readonly book?: Book;
}

function readValues(from: unknown): Map<string, QuotedValue> {
  const values = new Map<string, QuotedValue>();
  for (const [key, entry] of Object.entries(isFields(from) ? from : {})) {
    if (!isFields(entry)) {
      continue;
    }
    if (typeof entry["text"] !== "string") {
      values.set(key, { error: text(entry["error"]) || "not computed" });
    } else if (typeof entry["detail"] === "string") {
      values.set(key, { text: entry["text"], detail: entry["detail"] });
    } else {
      values.set(key, { text: entry["text"] });
    }
  }
  return values;
}

const PICTURE = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*$/;

function readPictures(from: unknown): Map<string, string> {
  const pictures = new Map<string, string>();
  for (const [address, data] of Object.entries(isFields(from) ? from : {})) {
    if (typeof data === "string" && PICTURE.test(data)) {
      pictures.set(address, data);
    }
  }
  return pictures;
}

function readData(from: Document): Fields {
  const written = from.querySelector("script.page")?.textContent ?? "{}";
  const data: unknown = JSON.parse(written);
  if (!isFields(data)) {
    throw new Error("the page's data are not an object");
  }
  return data;
}

function viewName(name: string | undefined): ViewName {
  return name === "slides" || name === "book" ? name : "document";
}

/** Takes the source and the studies out of `from`. Throws if its data cannot be read. */
export function readPage(from: Document): PageData {
  const data = readData(from);
  const root = from.documentElement;
  const studies = [...from.querySelectorAll<HTMLElement>(".studies > .study")].map((section) =>
    document.adoptNode(section),
  );
  const book = readBook(data["book"]);
  return {
    view: viewName(root.dataset["view"]),
    live: "live" in root.dataset,
    file: text(data["file"]),
    version: text(data["version"]),
    title: text(data["title"]),
    source: from.querySelector("pre.source")?.textContent ?? "",
    values: readValues(data["values"]),
    pictures: readPictures(data["pictures"]),
    studies,
    ...(book ? { book } : {}),
  };
}
