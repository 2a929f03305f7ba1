// A Chromium, and pages in it that are watched: what they complain of, whom they ask, what runs in them.
import { chromium } from "playwright-core";
import { browserPath } from "./places.mjs";

/** Until a page has drawn what it shows, and for what is looked for on it then; hangs fail, slow machines do not. */
const LONGEST_MS = 60_000;
const ACTION_MS = 15_000;
const LOCAL = /^(?:file|data|blob|about):/;

export const launch = () => chromium.launch({ executablePath: browserPath(), args: ["--font-render-hinting=none"] });

/**
 * Opens a page in a context of its own. Nothing reaches the network: what a page asks of it is refused and noted.
 *
 * `said.errors`: the console's errors and what was thrown. `said.requests`: addresses that lead out. `said.ran`: a script of
 * the note's has run (it called `canary(name)` or opened a dialog).
 */
export async function open(browser, url, { policy = true, ready = true, longest = LONGEST_MS, ...options } = {}) {
  const context = await browser.newContext({ bypassCSP: !policy, viewport: { width: 1280, height: 900 }, ...options });
  const said = { errors: [], requests: [], ran: [] };
  await context.exposeBinding("canary", (_source, name) => {
    said.ran.push(String(name));
  });
  await context.route(
    (address) => !LOCAL.test(address.href),
    (route) => {
      said.requests.push({ url: route.request().url(), type: route.request().resourceType() });
      return route.abort();
    },
  );
  const watch = (page) => {
    page.on("pageerror", (error) => said.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") {
        said.errors.push(message.text());
      }
    });
    page.on("dialog", (dialog) => {
      said.ran.push(`dialog ${dialog.message()}`);
      return dialog.dismiss();
    });
  };
  context.on("page", watch);
  const page = await context.newPage();
  page.setDefaultTimeout(ACTION_MS);
  await page.goto(url, { waitUntil: "load", timeout: longest });
  if (ready) {
    await upgraded(page, longest);
  }
  return { page, context, said, close: () => context.close() };
}

/** Until the page's script has shown everything. */
export const upgraded = (page, timeout = LONGEST_MS) =>
  page.waitForSelector("html[data-upgraded]", { state: "attached", timeout });

/** Scrolls past every figure, since they are drawn when they come near, until each has its drawing or says why not. */
export async function drawn(page) {
  for (const figure of await page.locator("figure.figure:visible").all()) {
    await figure.scrollIntoViewIfNeeded();
    await figure.locator(".chart svg, .chart-error").first().waitFor({ state: "attached" });
  }
  await page.evaluate(() => window.scrollTo(0, 0));
}
