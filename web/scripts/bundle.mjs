// The settings that the page and its tests are bundled with.
import { readFile } from "node:fs/promises";

// KaTeX's style sheet names every font three times. Browsers that run this page read woff2, so only that one goes in.
const woff2Only = {
  name: "woff2-only",
  setup(build) {
    build.onLoad({ filter: /katex(\.min)?\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/,\s*url\([^)]*\)\s*format\("(?:woff|truetype)"\)/g, ""),
      loader: "css",
    }));
  },
};

export const settings = {
  bundle: true,
  target: "es2022",
  // Vega-Lite takes four small functions from "vega"; they live in vega-util, and the rest of "vega" (maps, trees,
  // forces) would come along for them.
  alias: { vega: "vega-util" },
  // reveal.js reads options from the page's address, where anybody can write them. It finds no address.
  define: { "location.search": '""' },
  plugins: [woff2Only],
  loader: { ".woff2": "dataurl" },
  logLevel: "warning",
};
