// Runs test files, several at once: each has a browser of its own and waits for it much of the time. What is printed is for
// people, report.tap in build/browser for machines; its last lines are the counts.
import { createWriteStream } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec as Spec, tap } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { work } from "./lib/places.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
/** What takes longest begins first. */
const longest = ["notes.test.mjs", "hostile.test.mjs", "nesting.test.mjs"];

async function all() {
  const there = (await readdir(folder)).filter((name) => name.endsWith(".test.mjs")).sort();
  return [...longest.filter((name) => there.includes(name)), ...there.filter((name) => !longest.includes(name))];
}

const names = process.argv.length > 2 ? process.argv.slice(2) : await all();
await mkdir(work, { recursive: true });
const stream = run({
  files: names.map((name) => join(folder, name)),
  concurrency: Math.max(2, availableParallelism()),
});
stream.on("test:fail", () => (process.exitCode = 1));
stream.compose(tap).pipe(createWriteStream(join(work, "report.tap")));
stream.compose(new Spec()).pipe(process.stdout);
