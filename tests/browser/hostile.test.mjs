// Hostile notes: script in every place that a note has, names that shadow the page's own, nesting, bombs. The program ends,
// the page shows itself, and nothing of the note's runs, asks a server or stays in the page as something that could.
//
// The page's policy would stop most of it by itself; so each note is opened without the policy too, where only the sanitiser
// and the upgrades stand between the note and the reader. In the notes `canary` is what must never be called, and the host
// canary.invalid what must never be asked; images of other hosts are what a note may have.
import assert from "node:assert/strict";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { launch, open } from "./lib/browser.mjs";
import { dangers } from "./lib/look.mjs";
import { root, work } from "./lib/places.mjs";
import { ermine, pageOf } from "./lib/program.mjs";

const folder = join(root, "tests/browser/hostile");
/** For the program and for the page. Both need a fraction of it; what is quadratic in 10,000 needs minutes. */
const LONGEST_MS = 30_000;
/** What comes late: handlers of elements that load, timers. */
const LATE_MS = 300;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const asked = ({ url, type }) => type !== "image" || new URL(url).host === "canary.invalid";

let browser;
before(async () => {
  await mkdir(work, { recursive: true });
  browser = await launch();
});
after(() => browser?.close());

/** Opens a page with and without its policy and as slides, and finds nothing that ran, asked or could. */
async function harmless(url, { views = ["", "?view=slides"], policies = [true, false] } = {}) {
  await Promise.all(views.flatMap((view) => policies.map((policy) => harmlessOnce(url + view, policy))));
}

async function harmlessOnce(url, policy) {
  const what = `${url}, ${policy ? "with" : "without"} the policy`;
  const { page, said, close } = await open(browser, url, { policy, longest: LONGEST_MS });
  await pause(LATE_MS);
  assert.deepEqual(said.ran, [], `ran: ${what}`);
  assert.deepEqual(said.requests.filter(asked), [], `asked: ${what}`);
  assert.deepEqual(await dangers(page), [], what);
  assert.equal(await page.evaluate(() => ({}).polluted), undefined, "Object.prototype");
  await close();
}

describe("the canary", () => {
  test("sings when a script runs, so that its silence means something", async () => {
    const file = join(work, "canary.html");
    await writeFile(
      file,
      `<!doctype html><img src=x onerror="canary('img')"><form action="https://canary.invalid/"></form>`,
    );
    const { page, said, close } = await open(browser, pathToFileURL(file).href, { ready: false });
    await page.waitForTimeout(LATE_MS);
    assert.deepEqual(said.ran, ["img"]);
    assert.deepEqual(await dangers(page), ["img onerror", "element form"]);
    await page.evaluate(() => document.forms[0].submit());
    await page.waitForTimeout(LATE_MS);
    assert.deepEqual(said.requests, [{ url: "https://canary.invalid/?", type: "document" }]);
    await close();
  });

  test("is stopped by the page's policy alone", async () => {
    const { html } = await made("# Words\n", "policy");
    const file = join(work, "policy-broken.html");
    await writeFile(
      file,
      html.replace("</main>", `<img src=x onerror="canary('img')"><script>canary("script")</script></main>`),
    );
    const closed = await open(browser, pathToFileURL(file).href, { policy: true });
    await pause(LATE_MS);
    assert.deepEqual(closed.said.ran, []);
    await closed.close();
  });
});

/** The page of a text. */
async function made(text, name) {
  const note = join(work, `${name}.md`);
  await writeFile(note, text);
  const page = await pageOf(note, { name, longest: LONGEST_MS });
  assert.equal(page.signal, null, `the program takes too long for ${name}`);
  return { ...page, html: page.code === 0 ? await readFile(page.file, "utf8") : "" };
}

describe("notes with script in every place", () => {
  for (const name of [
    "fences",
    "front-matter",
    "front-matter-bomb",
    "front-matter-broken",
    "html",
    "links",
    "slides",
    "studies",
    "values",
    "vega-bomb",
  ]) {
    test(name, async () => {
      const page = await pageOf(join(folder, `${name}.md`), { name: `hostile-${name}`, longest: LONGEST_MS });
      assert.equal(page.signal, null, "the program ends");
      assert.ok([0, 3].includes(page.code), `exit code ${page.code}: ${page.err}`);
      await harmless(page.url);
    });
  }

  test("a book, whose chapters lead out of its folder", async () => {
    const book = join(work, "hostile-book");
    await rm(book, { recursive: true, force: true });
    await cp(join(folder, "book"), book, { recursive: true });
    const ran = await ermine(["run", "book.md"], { cwd: book, longest: LONGEST_MS });
    assert.equal(ran.signal, null, "the program ends");
    assert.equal(ran.code, 3, "chapters that are not there, or not the book's, are mistakes");
    const pages = (await readdir(join(book, "book"))).filter((file) => file.endsWith(".html")).sort();
    assert.deepEqual(pages, ["chapter.html", "index.html"]);
    for (const page of pages) {
      await harmless(pathToFileURL(join(book, "book", page)).href);
    }
  });

  test("all of them are in the list above", async () => {
    const source = await readFile(new URL(import.meta.url), "utf8");
    for (const name of (await readdir(folder)).filter((file) => file.endsWith(".md"))) {
      assert.ok(source.includes(`"${name.replace(/\.md$/, "")}"`), name);
    }
  });

  test("each line of html.md by itself, since one may hide the next", async () => {
    const { html } = await made("# A place\n\nTHE-PLACE\n", "hostile-line");
    const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    const file = join(work, "hostile-line.html");
    const url = pathToFileURL(file).href;
    const { page, said, close } = await open(browser, url, { policy: false, ready: false });
    for (const line of (await readFile(join(folder, "html.md"), "utf8")).split("\n\n").slice(1)) {
      await writeFile(
        file,
        html.replace("THE-PLACE", () => escape(line)),
      );
      await page.goto(url);
      await page.waitForSelector("html[data-upgraded]", { state: "attached", timeout: LONGEST_MS });
      assert.deepEqual(await dangers(page), [], line);
      assert.deepEqual(said.ran, [], line);
      assert.deepEqual(said.requests.filter(asked), [], line);
    }
    await close();
  });
});

/** What makes slow parsers quadratic, or deeper than a stack. */
const many = (count) => ({
  brackets: "[".repeat(count),
  "closed brackets": "[".repeat(count) + "]".repeat(count),
  images: "![".repeat(count),
  stars: "*a_ ".repeat(count),
  backticks: "`".repeat(count),
  "backticks of all lengths": Array.from({ length: 200 }, (_, i) => "`".repeat(i + 1)).join(" "),
  dollars: "$".repeat(count),
  "dollars and words": "$x ".repeat(count),
  "unclosed display lines": "$$ x\n".repeat(count),
  "unclosed display paragraphs": "$$ x\n\n".repeat(count),
  ruby: "{|".repeat(count),
  values: "{{".repeat(count),
  "values and colons": "{{a: ".repeat(count),
  containers: ":::\n".repeat(count),
  "nested containers": ":::info\n".repeat(count),
  footnotes: "[^".repeat(count),
  "footnotes that call each other":
    Array.from({ length: 1000 }, (_, i) => `[^${i}]: [^${i + 1}] [^${i}]`).join("\n\n") + "\n\n[^0]",
  quotes: "> ".repeat(count) + "x",
  lists: "- ".repeat(count) + "x",
  "nested lists": Array.from({ length: 500 }, (_, i) => `${"  ".repeat(i)}- x`).join("\n"),
  names: "[name=".repeat(count),
  elements: "<div>".repeat(count),
  "inline elements": `x ${"<b>".repeat(count)}`,
  comments: "<!--".repeat(count),
  entities: "&".repeat(count),
  angles: "<".repeat(count),
  "table rows": `|a|\n|-|\n${"|b|\n".repeat(count)}`,
  "table columns": `|${"a|".repeat(2000)}\n|${"-|".repeat(2000)}\n`,
  headings: Array.from({ length: 2000 }, (_, i) => `# same ${i % 2}`).join("\n\n"),
  externals: "{%youtube ".repeat(count),
  emoji: ":a".repeat(count),
  links: "http://a.b/( ".repeat(count),
  slides: "\n\n---\n\nx".repeat(500),
  "front matter that does not end": `---\n${"a: b\n".repeat(count)}`,
  "front matter, deep": `---\na: ${"[".repeat(5000)}${"]".repeat(5000)}\n---\nx\n`,
  "front matter, long": `---\na: ${"x".repeat(1e6)}\n---\nx\n`,
  "macros that double": `${Array.from({ length: 60 }, (_, i) => `$\\gdef\\${"abcdefghijklmnopqrstuvwxyz"[i % 26].repeat(2 + i / 26)}{xx}$`).join(" ")} $\\def\\x#1{#1#1#1#1}\\x{\\x{\\x{\\x{\\x{\\x{\\x{\\x{\\x{\\x{y}}}}}}}}}}$`,
  "braces in a formula": `$${"{".repeat(5000)}${"}".repeat(5000)}$`,
});

describe("nesting and repetition", () => {
  for (const [name, text] of Object.entries(many(10_000))) {
    test(name, async () => {
      const page = await made(text, `many-${name.replaceAll(/[^a-z]+/g, "-")}`);
      if (page.code === 3) {
        assert.match(page.err, /nested deeper than \d+|deep/, "what is too deep is said");
        return;
      }
      assert.equal(page.code, 0, page.err);
      await harmless(page.url, { views: [""], policies: [false] });
    });
  }

  test("10 MB of $ are refused with the limit; 1 MiB of them is a page", async () => {
    const long = join(work, "dollars-10.md");
    await writeFile(long, "$".repeat(10e6));
    const refused = await ermine(["run", long], { longest: LONGEST_MS });
    assert.equal(refused.code, 3, refused.err);
    assert.match(refused.err, /longer than the \d+ bytes/);
    const page = await made("$".repeat(2 ** 20 - 1), "dollars-1");
    assert.equal(page.code, 0, page.err);
    await harmless(page.url, { views: [""], policies: [false] });
  });
});
