// Writes sample pages for looking at: node scripts/sample.mjs FOLDER (after npm run build).
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const folder = process.argv[2];
if (folder === undefined) {
  throw new Error("usage: node scripts/sample.mjs FOLDER");
}
const at = (path) => new URL(`../${path}`, import.meta.url);

async function load(path) {
  const { outputFiles } = await build({
    entryPoints: [at(path).pathname],
    bundle: true,
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
}

const { page } = await load("tests/fixtures/note.ts");
const { sample, slides, chapter } = await load("tests/fixtures/sample.ts");
const script = await readFile(at("dist/page.js"), "utf8");
const style = await readFile(at("dist/page.css"), "utf8");
const bundle = { script, style, hash: createHash("sha256").update(script).digest("base64") };

await mkdir(folder, { recursive: true });
for (const [name, written] of Object.entries({ document: sample(), slides: slides(), noise: chapter() })) {
  await writeFile(join(folder, `${name}.html`), page(written, bundle));
}
