// Packages that come without types.

declare module "markdown-it-abbr" {
  const plugin: (md: import("./types").Parser) => void;
  export default plugin;
}
declare module "markdown-it-container" {
  const plugin: (
    md: import("./types").Parser,
    name: string,
    options: {
      readonly validate: (info: string) => boolean;
      readonly render: (tokens: import("./types").Token[], index: number) => string;
    },
  ) => void;
  export default plugin;
}
declare module "markdown-it-deflist" {
  const plugin: (md: import("./types").Parser) => void;
  export default plugin;
}
declare module "markdown-it-emoji/lib/data/full.mjs" {
  const names: Readonly<Record<string, string>>;
  export default names;
}
declare module "markdown-it-footnote" {
  const plugin: (md: import("./types").Parser) => void;
  export default plugin;
}
declare module "markdown-it-ins" {
  const plugin: (md: import("./types").Parser) => void;
  export default plugin;
}
declare module "markdown-it-mark" {
  const plugin: (md: import("./types").Parser) => void;
  export default plugin;
}
declare module "markdown-it-sub" {
  const plugin: (md: import("./types").Parser) => void;
  export default plugin;
}
declare module "markdown-it-sup" {
  const plugin: (md: import("./types").Parser) => void;
  export default plugin;
}
