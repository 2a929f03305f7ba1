import assert from "node:assert/strict";
import { test } from "node:test";
import { slideOptions } from "../../src/view/slide_options";

test("allowed options of the right type pass", () => {
  const { deck, scheme, minutes } = slideOptions({
    transition: "zoom",
    slideNumber: "c/t",
    autoSlide: 5000,
    width: 1920,
    theme: "black",
    allottedMinutes: 90,
  });
  assert.deepEqual(deck, { transition: "zoom", slideNumber: "c/t", autoSlide: 5000, width: 1920 });
  assert.equal(scheme, "dark");
  assert.equal(minutes, 90);
});

test("everything else is left out", () => {
  const hostile = JSON.parse(`{
    "dependencies": [{"src": "x.js"}], "plugins": ["x"], "parallaxBackgroundImage": "https://example.org/x.png",
    "__proto__": {"transition": "zoom"}, "keyboard": false, "postMessage": true, "transition": "spin", "width": "100%",
    "height": 1e9, "loop": "yes", "theme": "constructor", "allottedMinutes": -1, "slideNumber": "<img src=x>", "autoSlide": null
  }`) as Record<string, unknown>;
  assert.deepEqual(slideOptions(hostile), { deck: {} });
});
