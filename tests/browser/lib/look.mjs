// What tests ask of a page.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Marks with an extent in each figure's drawing (lines, areas, points, bars, cells), and the plot's share of its width. */
export const marksOf = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("figure.figure")].map((figure) => ({
      id: figure.id,
      label: figure.querySelector(".chart")?.getAttribute("aria-label") ?? "",
      plot:
        (figure.querySelector(".chart svg .role-frame > g > .background")?.getBoundingClientRect().width ?? 0) /
        (figure.querySelector(".chart svg")?.getBoundingClientRect().width ?? 1),
      error: figure.querySelector(".chart-error")?.textContent ?? "",
      marks: [...figure.querySelectorAll(".chart svg [class^='mark-'] path, .chart svg .mark-rule line")].filter(
        (mark) => {
          const { width, height } = mark.getBoundingClientRect();
          return width + height > 0;
        },
      ).length,
    })),
  );

/** Serious and critical faults as axe-core finds them, a line each. */
export async function faults(page) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const found = await window.axe.run(document, { resultTypes: ["violations"] });
    return found.violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")} ${node.html}`));
  });
  return violations.map((line) => line.slice(0, 400));
}

/** What has the focus after each press of Tab from the top of the page, until it comes round or `most` presses are made. */
export async function tabStops(page, most = 200) {
  await page.evaluate(() => {
    document.activeElement?.blur();
    window.scrollTo(0, 0);
  });
  const stops = [];
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) {
        return null;
      }
      const again = element.dataset.testStop !== undefined;
      element.dataset.testStop = "";
      const style = getComputedStyle(element);
      return {
        again,
        tag: element.tagName.toLowerCase(),
        class: String(element.className),
        name: element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 60),
        path: [
          ...(function* up(at) {
            for (; at; at = at.parentElement) {
              yield (
                at.tagName.toLowerCase() +
                (at.className && typeof at.className === "string"
                  ? `.${at.className.trim().replaceAll(/\s+/g, ".")}`
                  : "")
              );
            }
          })(element),
        ]
          .reverse()
          .join(" "),
        ring: style.outlineStyle !== "none" || style.boxShadow !== "none",
      };
    });
    if (stop === null || stop.again) {
      break;
    }
    stops.push(stop);
  }
  return stops;
}

/**
 * What a sanitised page may not hold, however it came there: elements that run or load, handlers, addresses of scripts.
 * The page's own script, style and data are the program's.
 */
export const dangers = (page) =>
  page.evaluate(() => {
    const found = [];
    const forbidden =
      "script style iframe frame object embed applet form base meta link template portal foreignObject".split(" ");
    const addresses = "href src srcset action formaction data poster background xlink:href ping srcdoc cite".split(" ");
    const schemes = /^(?:https?|mailto|tel|blob|data:image\/(?:png|jpeg|gif|webp|svg\+xml)[;,]|data:text\/csv)/i;
    // As a browser reads an address: without control characters and blanks; a relative one has no scheme.
    const leads = (address) => /^[a-z][a-z0-9+.-]*:/i.exec(address) !== null && !schemes.test(address);
    const shown = [...document.body.children].filter((element) => !element.matches("script, noscript, pre.source"));
    for (const top of shown) {
      for (const element of [top, ...top.querySelectorAll("*")]) {
        const name = element.localName;
        const ours = element.matches("script.spec, .katex *");
        if (forbidden.includes(name) && !ours) {
          found.push(`element ${name}`);
        }
        for (const attribute of element.attributes) {
          if (attribute.name.toLowerCase().startsWith("on")) {
            found.push(`${name} ${attribute.name}`);
          }
          if (addresses.includes(attribute.name.toLowerCase()) && leads(attribute.value.replace(/[\0-\x20]/g, ""))) {
            found.push(`${name} ${attribute.name}=${attribute.value.slice(0, 80)}`);
          }
          if (attribute.name === "style" && attribute.value.includes("canary")) {
            found.push(`${name} style=${attribute.value.slice(0, 80)}`);
          }
        }
      }
    }
    return found;
  });
