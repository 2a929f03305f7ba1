import assert from "node:assert/strict";
import { test } from "node:test";
import { type DOMWindow } from "jsdom";
import { duration, progressWords } from "../src/view/live_sign";
import { fence, figure, page, specs, study, type Written } from "./fixtures/note";
import { bundle, one, open, type Opened } from "./open";

/** A server: what it answers to `content`, and streams of events that the test writes to. */
class Server {
  readonly streams: EventTarget[] = [];
  fetched = 0;
  refuses = false;
  private window: DOMWindow | undefined;

  constructor(public now: Written) {}

  /** What the page finds in its window. */
  install(window: DOMWindow): void {
    const { streams } = this;
    this.window = window;
    const fetchContent = (address: unknown): Promise<{ ok: boolean; text: () => Promise<string> }> => {
      assert.equal(address, "content");
      this.fetched += 1;
      const html = page(this.now, { ...bundle, script: "", style: "" });
      return this.refuses
        ? Promise.reject(new Error("no connection"))
        : Promise.resolve({ ok: true, text: () => Promise.resolve(html) });
    };
    class Stream extends window.EventTarget {
      static readonly CLOSED = 2;
      readyState = 0;

      constructor(readonly address: string) {
        super();
        streams.push(this);
      }
    }
    Object.assign(window, { EventSource: Stream, fetch: fetchContent });
  }

  get stream(): EventTarget {
    const last = this.streams.at(-1);
    assert.ok(last, "the page listens to the server");
    return last;
  }

  send(name: string, data: object): void {
    assert.ok(this.window);
    this.stream.dispatchEvent(new this.window.MessageEvent(name, { data: JSON.stringify(data) }));
  }

  /** What the browser says of the connection. */
  connection(name: "open" | "error"): void {
    assert.ok(this.window);
    this.stream.dispatchEvent(new this.window.Event(name));
  }
}

async function watch(first: Written): Promise<Opened & { readonly server: Server }> {
  const server = new Server({ live: 5, ...first });
  const opened = await open(server.now, {
    prepare: (window) => {
      server.install(window);
    },
  });
  return { ...opened, server };
}

const visible = (document: Document, selector: string): string | undefined => {
  const line = document.querySelector<HTMLElement>(`.live ${selector}`);
  return line && !line.hidden ? line.textContent : undefined;
};

test("a page that is read as a file asks nobody", async () => {
  const { document, complaints, requests } = await open({ source: "Words.\n" });
  assert.equal(document.querySelector(".live"), null);
  assert.deepEqual(requests, []);
  assert.deepEqual(complaints, []);
});

test("a newer version is fetched and shown, once", async () => {
  const { document, server, until, complaints } = await watch({ source: "# A\n\nOld words.\n" });
  server.send("page", { version: 5 });
  assert.equal(server.fetched, 0, "the page has this version");
  server.now = { live: 7, source: "# A\n\nNew words.\n", title: "Other" };
  server.send("page", { version: 6 });
  server.send("page", { version: 7 });
  await until(() => one(document, "main").textContent.includes("New words."));
  assert.doesNotMatch(one(document, "main").textContent, /Old words/);
  await until(() => document.title === "Other");
  assert.equal(server.fetched, 1, "two versions, one request: the newest is what there is");
  assert.deepEqual(complaints, []);
});

test("blocks that are as they were stay, with the figures in them", async () => {
  const words = (text: string): string => `${text}\n\n${fence("s")}`;
  const section = study("s", 3, figure("s-1", specs.bars));
  const { document, server, until } = await watch({ source: words("Old."), studies: section });
  await until(() => document.querySelector("#s-1 svg") !== null);
  const drawn = one(document, "#s-1 svg");
  server.now = { live: 6, source: words("New."), studies: section };
  server.send("page", { version: 6 });
  await until(() => one(document, "main").textContent.includes("New."));
  assert.equal(one(document, "#s-1 svg"), drawn);
});

test("a figure whose numbers are new is drawn again", async () => {
  const source = fence("s");
  const { document, server, until } = await watch({
    source,
    studies: study("s", 1, "<p>Nothing is computed yet.</p>", "partial"),
  });
  assert.equal(document.querySelector("svg.marks"), null);
  server.now = { live: 6, source, studies: study("s", 1, figure("s-1", specs.bars)) };
  server.send("page", { version: 6 });
  await until(() => document.querySelector("#s-1 svg") !== null);
  assert.equal(one(document, "#study-s").getAttribute("data-status"), "computed");
});

test("script in a newer version does not run", async () => {
  const { window, document, server, until } = await watch({ source: "Old.\n" });
  server.now = { live: 6, source: 'New. <img src=x onerror="pwned=1"><script>pwned=1</script>\n' };
  server.send("page", { version: 6 });
  await until(() => one(document, "main").textContent.includes("New."));
  assert.equal((window as unknown as { pwned?: number }).pwned, undefined);
});

test("what is computed is said, and nothing when nothing is", async () => {
  const { document, server } = await watch({ source: "Words.\n" });
  assert.equal(visible(document, ".live-computing"), undefined);
  server.send("progress", { study: "s", done: 3.26, total: 12, waiting: 0, eta: 83, rate: "182 GFLOP/s" });
  assert.equal(visible(document, ".live-computing"), "s: 3.3 of 12 runs, 182 GFLOP/s, 1:23 left");
  const bar = one(document, ".live progress") as HTMLProgressElement;
  assert.deepEqual([bar.value, bar.max], [3.26, 12]);
  server.send("progress", { study: null });
  assert.equal(visible(document, ".live-computing"), undefined);
});

test("what is wrong with the note is said until it is mended", async () => {
  const { document, server } = await watch({ source: "Words.\n" });
  server.send("error", { message: "note.md:3:1: <b>wrong</b>" });
  assert.equal(visible(document, ".live-problem"), "note.md:3:1: <b>wrong</b>");
  assert.equal(visible(document, ".live-gone"), undefined, "which is no loss of the connection");
  server.send("error", { message: "" });
  assert.equal(visible(document, ".live-problem"), undefined);
});

test("a server that is gone is missed, and welcome when it is back with another version", async () => {
  const { document, server, until } = await watch({ source: "Old.\n" });
  server.connection("open");
  server.send("progress", { study: "s", done: 1, total: 2 });
  server.refuses = true;
  server.send("page", { version: 6 });
  await until(() => server.fetched === 1);
  server.connection("error");
  assert.match(visible(document, ".live-gone") ?? "", /server is gone/);
  assert.equal(visible(document, ".live-computing"), undefined);
  assert.match(one(document, "main").textContent, /Old\./);
  server.refuses = false;
  server.now = { live: 2, source: "Of another server.\n" };
  server.connection("open");
  server.send("page", { version: 2 });
  await until(() => one(document, "main").textContent.includes("Of another server."));
  assert.equal(visible(document, ".live-gone"), undefined);
});

test("progress in words", () => {
  assert.equal(progressWords({ study: "s", done: 0, total: 1 }), "s: 0 of 1 run");
  assert.equal(
    progressWords({ study: "s", done: 1, total: 3, waiting: 2 }),
    "s: 1 of 3 runs, 2 computed by another process",
  );
  assert.deepEqual([0, 59.6, 61, 3599, 3600, 36065].map(duration), [
    "0:00",
    "1:00",
    "1:01",
    "59:59",
    "1:00:00",
    "10:01:05",
  ]);
});
