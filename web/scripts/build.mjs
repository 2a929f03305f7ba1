// Writes dist/page.js and dist/page.css, and refuses to write what could not be pasted into an HTML file.
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Script } from "node:vm";
import { settings } from "./bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const result = await build({
  ...settings,
  absWorkingDir: root,
  entryPoints: { page: "src/main.ts", "page.style": "src/page.css" },
  outdir: "dist",
  format: "iife",
  minify: true,
  legalComments: "none",
  write: false,
});

const forbidden = {
  "page.js": ["</script", "<!--"],
  "page.css": ["</style", ".woff)", ".ttf)", "font/ttf", "font/woff;"],
};

// The parsers in it look for HTML comments. In a string or a regular expression "<" may be written by its number; anywhere else
// that is no JavaScript, and then it is not written.
function withoutComments(script) {
  const text = script.replaceAll("<!--", "\\x3c!--");
  new Script(text);
  return text;
}

await mkdir(`${root}dist`, { recursive: true });
for (const file of result.outputFiles) {
  const name = file.path.endsWith(".css") ? "page.css" : "page.js";
  const text = name === "page.js" ? withoutComments(file.text) : file.text;
  const found = forbidden[name].filter((word) => text.toLowerCase().includes(word));
  if (found.length > 0) {
    throw new Error(`${name} contains ${found.join(" and ")}`);
  }
  await writeFile(`${root}dist/${name}`, text);
  console.log(`dist/${name} ${String(Math.round(file.contents.length / 1000))} kB`);
}
