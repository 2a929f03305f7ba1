// Pages as the program writes them: notes are run into a store of the tests' own, which a later run finds again.
import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { program, work } from "./places.mjs";

/** A hung program fails its test; what it may take is far more than it needs. */
const LONGEST_MS = 300_000;

/** Runs the program to its end. `signal` is set when it was stopped for taking `longest` milliseconds. */
export function ermine(words, { longest = LONGEST_MS, cwd = work } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: longest,
      killSignal: "SIGKILL",
    });
    const said = { out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => (said.out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (said.err += text));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...said }));
  });
}

const DATA_ABSENT = /is not here: 'ermine data fetch/;

/**
 * The page of a note, in a folder of the tests. `url` opens it; `absent` says that the note's data are not on this machine,
 * so that there is nothing to look at.
 */
export async function pageOf(note, { name = basename(note, ".md"), longest } = {}) {
  await mkdir(work, { recursive: true });
  const file = join(work, `${name}.html`);
  const ran = await ermine(["run", note, "--store", join(work, "results.db"), "--output", file], { longest });
  return { ...ran, file, url: pathToFileURL(file).href, absent: DATA_ABSENT.test(ran.err) };
}
