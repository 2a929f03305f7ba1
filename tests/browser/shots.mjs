// Pictures of a note's page as people see it: node shots.mjs [NOTE...] writes them to build/shots/.
import { mkdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { drawn, launch, open } from "./lib/browser.mjs";
import { root } from "./lib/places.mjs";
import { pageOf } from "./lib/program.mjs";

const shots = join(root, "build/shots");
const notes = process.argv.slice(2).map((note) => resolve(process.env.INIT_CWD ?? ".", note));
if (notes.length === 0) {
  notes.push(join(root, "notes/random-labels.md"));
}
await mkdir(shots, { recursive: true });
const browser = await launch();

async function shoot(url, file, { media, ...options } = {}, ready = drawn) {
  const { page, said, close } = await open(browser, url, { deviceScaleFactor: 1.5, ...options });
  await ready(page);
  if (media === "print") {
    await page.emulateMedia({ media });
    await page.pdf({ path: file.replace(/\.png$/, ".pdf"), format: "A4" });
  }
  await page.screenshot({ path: file, fullPage: options.fullPage ?? true });
  console.log(file, ...said.errors);
  await close();
}

for (const note of notes) {
  const name = basename(note, ".md");
  const { url, code, err } = await pageOf(note, { name: `shots-${name}` });
  if (code !== 0) {
    console.error(err);
  }
  const file = (view) => join(shots, `${name}-${view}.png`);
  await shoot(url, file("document"));
  await shoot(url, file("dark"), { colorScheme: "dark" });
  await shoot(url, file("phone"), { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await shoot(url, file("print"), { viewport: { width: 794, height: 1123 }, media: "print" });
  const screen = { fullPage: false, viewport: { width: 1280, height: 720 } };
  const slides = (then) => async (page) => {
    await page.waitForSelector(".reveal section.present");
    await then(page);
    await page.waitForTimeout(1000);
  };
  const slide = `${url}?view=slides`;
  const untilFigure = async (page) => {
    const here = page.locator("section.present:not(.stack) .chart");
    const most = await page.locator(".slides section").count();
    for (let i = 0; i < most && (await here.count()) === 0; i++) {
      await page.keyboard.press("n");
    }
  };
  await shoot(slide, file("slides"), screen, slides(untilFigure));
  await shoot(
    slide,
    file("slides-overview"),
    screen,
    slides((page) => page.keyboard.press("o")),
  );
}
await browser.close();
