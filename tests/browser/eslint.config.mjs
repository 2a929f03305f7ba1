// The rules of web/, for scripts that run in Node and, where they are handed to a page, in the browser.
import { createRequire } from "node:module";

const eslint = createRequire(new URL("../../web/package.json", import.meta.url))("@eslint/js");
const names = [
  "console",
  "process",
  "URL",
  "setTimeout",
  "Buffer",
  "window",
  "document",
  "getComputedStyle",
  "location",
];

export default [
  { ignores: ["node_modules/"] },
  eslint.configs.recommended,
  { languageOptions: { globals: Object.fromEntries(names.map((name) => [name, "readonly"])) } },
];
