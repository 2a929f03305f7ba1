// The page of the first note, of those with one of everything, and of the shortest that `ermine new` writes: opened from its
// file, looked at, printed, walked through by keyboard. The other notes compute for minutes: `make reproduce` writes their pages.
// The first note's networks learn from a quarter of its images here, which changes its numbers and nothing else of the page.
import assert from "node:assert/strict";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { drawn, launch, open } from "./lib/browser.mjs";
import { faults, marksOf, tabStops } from "./lib/look.mjs";
import { root, work } from "./lib/places.mjs";
import { pageOf } from "./lib/program.mjs";

/** What a page may weigh. */
const MOST_BYTES = 5e6;

const fixtures = "tests/browser/fixtures";
const notes = [join(root, "cli/new/blank.md"), join(root, "notes/random-labels.md")];
for (const name of (await readdir(join(root, fixtures))).filter((file) => file.endsWith(".md")).sort()) {
  notes.push(join(root, fixtures, name));
}

/** The note, or where it learns from 2,000 images a copy that learns from 500. */
async function quick(note, name) {
  const text = await readFile(note, "utf8");
  const fewer = text.replaceAll(/^( *(?:train|test)): 2000$/gm, "$1: 500");
  if (fewer === text) {
    return note;
  }
  await mkdir(work, { recursive: true });
  const copy = join(work, `${name}.md`);
  await writeFile(copy, fewer);
  return copy;
}

for (const note of notes) {
  const label = note.slice(root.length);
  describe(label, () => {
    let browser, made, source, opened;
    const shown = (t) => {
      if (made.absent) {
        t.skip("its data are not on this machine");
      }
      return !made.absent;
    };
    before(async () => {
      source = await readFile(note, "utf8");
      const name = label.replaceAll("/", "-").replace(/\.md$/, "");
      made = await pageOf(await quick(note, name), { name });
      browser = await launch();
      if (!made.absent) {
        opened = await open(browser, made.url);
        await drawn(opened.page);
      }
    });
    after(() => browser?.close());

    test("runs and opens from its file without a complaint or a request", async (t) => {
      if (!shown(t)) return;
      assert.equal(made.code, 0, made.err);
      assert.deepEqual(opened.said, { errors: [], requests: [], ran: [] });
      const { size } = await stat(made.file);
      assert.ok(size < MOST_BYTES, `${size} bytes`);
      assert.equal(await opened.page.locator("main").count(), 1);
    });

    test("every study has figures, and every figure marks and words", async (t) => {
      if (!shown(t)) return;
      const figures = await marksOf(opened.page);
      const studies = source.match(/^ *(`{3,}|~{3,})ermine\b/gm)?.length ?? 0;
      assert.ok(figures.length >= studies, `${figures.length} figures of ${studies} studies`);
      for (const { id, marks, plot, label: words, error } of figures) {
        assert.equal(error, "", id);
        assert.ok(marks > 0, `${id} has no marks`);
        assert.ok(plot > 0.4, `${id}: the plot has ${plot} of the figure's width`);
        assert.ok(words.length > 20, `${id} has no alternative text`);
      }
      assert.equal(await opened.page.locator(".study-error, .value-error").count(), 0);
    });

    test("formulas are set", async (t) => {
      if (!shown(t)) return;
      const { page } = opened;
      if (/\$\$|\$[^\s$]/.test(source.replace(/```[^]*?```|`[^`]*`/g, ""))) {
        assert.ok((await page.locator(".math").count()) > 0, "no formula was found");
      }
      assert.equal(await page.locator(".math:not(:has(.katex))").count(), 0);
      assert.equal(await page.locator(".katex-error, .math-error").count(), 0);
    });

    for (const colorScheme of ["light", "dark"]) {
      test(`axe-core finds no serious fault (${colorScheme})`, async (t) => {
        if (!shown(t)) return;
        const { page, said } = opened;
        await page.emulateMedia({ colorScheme });
        await drawn(page);
        assert.deepEqual(await faults(page), []);
        assert.deepEqual(said.errors, []);
      });
    }

    test("dark is dark, and figures with it", async (t) => {
      if (!shown(t)) return;
      const { page } = opened;
      const paper = () =>
        page.evaluate(() => {
          const [r, g, b] = getComputedStyle(document.body)
            .backgroundColor.match(/[\d.]+/g)
            .map(Number);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        });
      const axis = () =>
        page.evaluate(() => document.querySelector(".chart svg text")?.getAttribute("fill") ?? "no figure");
      await page.emulateMedia({ colorScheme: "light" });
      await drawn(page);
      const [light, lightAxis] = [await paper(), await axis()];
      await page.emulateMedia({ colorScheme: "dark" });
      await page.waitForFunction(
        (before) => (document.querySelector(".chart svg text")?.getAttribute("fill") ?? "no figure 2") !== before,
        lightAxis,
      );
      assert.ok(light > 200 && (await paper()) < 60, `from ${light} to ${await paper()}`);
      await page.emulateMedia({ colorScheme: "light" });
    });

    test("prints: figures and text, no controls", async (t) => {
      if (!shown(t)) return;
      const { page, said } = opened;
      await page.emulateMedia({ media: "print", colorScheme: "light" });
      assert.equal(await page.locator(".tools:visible, nav.sidebar:visible, .save button:visible").count(), 0);
      assert.equal((await page.locator("main h1:visible").count()) > 0 || !/^# /m.test(source), true);
      const pdf = await page.pdf({ format: "A4" });
      assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
      assert.ok(pdf.length > 20_000, `${pdf.length} bytes`);
      await page.emulateMedia({ media: "screen" });
      assert.deepEqual(said.errors, []);
    });

    test("all of it is reached by keyboard, and the focus is seen", async (t) => {
      if (!shown(t)) return;
      const { page } = opened;
      const stops = await tabStops(page, 400);
      const reached = (what) => stops.some(({ path }) => what.test(path));
      assert.ok(stops.length > 0);
      if ((await page.locator("figure.figure details.data").count()) > 0) {
        assert.ok(reached(/figure\.figure .*details\.data summary/), "data of figures");
        assert.ok(reached(/details\.provenance summary/), "how it was computed");
      }
      if ((await page.locator("figure.figure .save button").count()) > 0) {
        assert.ok(reached(/figure\.figure .*button/), "pictures of figures");
      }
      if ((await page.locator("nav.sidebar a:visible").count()) > 0) {
        assert.ok(reached(/nav\.sidebar.* a/), "the outline");
      }
      assert.deepEqual(
        stops.filter(({ ring }) => !ring).map(({ path }) => path),
        [],
        "stops without a visible focus",
      );
      const data = page.locator("figure.figure details.data").first();
      if ((await data.count()) > 0) {
        await data.locator("summary").focus();
        await page.keyboard.press("Enter");
        assert.equal(await data.locator("table").isVisible(), true, "Enter opens the data");
        const download = page.waitForEvent("download");
        await data.locator("a.csv").focus();
        await page.keyboard.press("Enter");
        const csv = await readFile(await (await download).path(), "utf8");
        assert.match(csv, /^[^\n]+,[^\n]+\n/, "and the CSV is one step further");
      }
    });

    test("fits on a phone", async (t) => {
      if (!shown(t)) return;
      const phone = await open(browser, made.url, {
        viewport: { width: 360, height: 740 },
        hasTouch: true,
        isMobile: true,
      });
      await drawn(phone.page);
      const over = await phone.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(over <= 0, `the page is ${over} px too wide`);
      await phone.close();
    });
  });
}
