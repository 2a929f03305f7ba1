// What a note says of itself: its front matter, each key checked for its type, and what follows from the text where a key is
// missing. A value of a wrong type is as good as missing.

import type { Entry } from "./types";

export interface Meta {
  readonly title: string;
  readonly tags: readonly string[];
  readonly description?: string;
  readonly image?: string;
  readonly lang: string;
  readonly dir?: "ltr" | "rtl";
  readonly breaks: boolean;
  readonly typographer: boolean;
  readonly robots?: string;
  readonly type?: "slide" | "book";
  /** Depth of contents and outline. */
  readonly toc: { readonly maxLevel: number };
  /** As written: which of them count, and with which values, is for the view of slides to say. */
  readonly slideOptions: Readonly<Record<string, unknown>>;
}

type Values = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => {
  const given = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  return given === "" ? undefined : given;
};

const flag = (value: unknown, otherwise: boolean): boolean => (typeof value === "boolean" ? value : otherwise);

const matching = (value: unknown, form: RegExp): string | undefined =>
  typeof value === "string" && form.test(value) ? value : undefined;

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts.map((tag) => tag.trim()).filter((tag) => tag !== ""))];
}

function givenTags(value: unknown): string[] | undefined {
  if (Array.isArray(value)) {
    return unique(value.flatMap((tag) => text(tag) ?? []));
  }
  return typeof value === "string" ? unique(value.split(",")) : undefined;
}

/** The inline codes of a level-6 heading that begins with "tags:". */
function headingTags(entries: readonly Entry[]): string[] {
  const heading = entries.find(({ level, text: words }) => level === 6 && /^tags:/i.test(words));
  return unique((heading?.inline ?? []).filter(({ type }) => type === "code_inline").map(({ content }) => content));
}

const mapping = (value: unknown): Values =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : {};

function maxLevel(toc: unknown): number {
  const level = mapping(toc)["maxLevel"];
  return typeof level === "number" && Number.isInteger(level) && level >= 1 && level <= 6 ? level : 3;
}

/** What is known before the text is parsed. */
export type Head = Omit<Meta, "title" | "tags"> & { readonly title?: string; readonly tags?: readonly string[] };

export function readHead(values: Values): Head {
  const optional = {
    title: text(values["title"]),
    tags: givenTags(values["tags"]),
    description: text(values["description"]),
    image: matching(values["image"], /^(?:https?:\/\/|\/(?!\/))\S{1,2000}$/i),
    dir: matching(values["dir"], /^(?:ltr|rtl)$/),
    robots: matching(values["robots"], /^[a-z, -]{1,200}$/i),
    type: matching(values["type"], /^(?:slide|book)$/),
  };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return {
    ...(given as Pick<Head, keyof typeof optional>),
    lang: matching(values["lang"], /^[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,4}$/i) ?? "en",
    breaks: flag(values["breaks"], true),
    typographer: flag(values["typographer"], true),
    toc: { maxLevel: maxLevel(values["toc"]) },
    slideOptions: mapping(values["slideOptions"]),
  };
}

/** Adds what follows from the text. */
export function completeMeta(head: Head, entries: readonly Entry[]): Meta {
  const first = entries.find(({ level, text: words }) => level === 1 && words !== "");
  return {
    ...head,
    title: head.title ?? first?.text ?? "Untitled",
    tags: head.tags ?? headingTags(entries),
  };
}
