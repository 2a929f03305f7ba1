// Where things are: the checkout, what a run of the tests leaves behind, the program, the browser.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const work = join(root, "build/browser");
export const program = process.env.ERMINE ?? join(root, "build/ermine");

const runs = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The names under which a Chromium may be on the path; Debian's first. */
const browsers = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

export function browserPath() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = browsers.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = candidates.find(runs);
  if (found === undefined) {
    throw new Error(`no ${browsers.join(", ")} on the path: ./bootstrap check installs one`);
  }
  return found;
}
