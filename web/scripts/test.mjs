// Builds the page, bundles the tests with the same settings, and runs them in node's own test runner.
import { spawnSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
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

const files = tests.map((name) => `dist/tests/${name.replace(/\.ts$/, ".mjs")}`);
const { status } = spawnSync(process.execPath, ["--test", ...files], { cwd: root, stdio: "inherit", timeout: 300_000 });
process.exitCode = status ?? 1;
