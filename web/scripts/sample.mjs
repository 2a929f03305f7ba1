// Writes the sample page for looking at: node scripts/sample.mjs FILE (after npm run build).
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const target = process.argv[2];
if (target === undefined) {
  throw new Error("usage: node scripts/sample.mjs FILE");
}
const at = (path) => new URL(`../${path}`, import.meta.url);
const { outputFiles } = await build({
  entryPoints: [at("tests/fixtures/note.ts").pathname],
  bundle: true,
  format: "esm",
  write: false,
});
const { page, sample } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`
);
const script = await readFile(at("dist/page.js"), "utf8");
const style = await readFile(at("dist/page.css"), "utf8");
await writeFile(target, page(sample(), { script, style, hash: createHash("sha256").update(script).digest("base64") }));
