// Builds the page, bundles the tests with the same settings, and runs them in node's own test runner: a process a file, as
// many at a time as there are cores (`node --test` leaves one core idle, which on two is half of them).
import { readdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { run } from "node:test";
import { tap } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { settings } from "./bundle.mjs";
import "./build.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const tests = (await readdir(`${root}tests`, { recursive: true })).filter((name) => name.endsWith(".test.ts"));

await rm(`${root}dist/tests`, { recursive: true, force: true });
await build({
  ...settings,
  absWorkingDir: root,
  entryPoints: tests.map((name) => `tests/${name}`),
  outdir: "dist/tests",
  outExtension: { ".js": ".mjs" },
  format: "esm",
  platform: "node",
  external: ["jsdom"],
});

const files = tests.map((name) => `${root}dist/tests/${name.replace(/\.ts$/, ".mjs")}`);
const stream = run({ files, concurrency: availableParallelism(), timeout: 300_000 });
stream.on("test:fail", () => (process.exitCode = 1));
stream.compose(tap).pipe(process.stdout);
