// A page that `ermine watch` serves. It hears of newer versions by server-sent events (src/serve/live_note.h), fetches and
// shows them, and says at its foot what is being computed, what is wrong with the note, and when the server is gone.

import { isFields, text, type Fields } from "../json";
import { readPage, type PageData } from "../page";
import { LiveSign } from "./live_sign";

/** After a refusal, which browsers do not try again. */
const RETRY_MS = 3000;

const versionOf = (page: Document): number => Number(page.documentElement.dataset["live"]);

function fieldsOf(event: Event): Fields {
  const data: unknown = event instanceof MessageEvent ? JSON.parse(String(event.data)) : {};
  return isFields(data) ? data : {};
}

class LivePage {
  private shown = versionOf(document);
  private wanted = this.shown;
  private fetching = false;
  private readonly sign = new LiveSign();

  constructor(
    private readonly first: PageData,
    private readonly show: (page: PageData) => void,
  ) {}

  listen(): void {
    const events = new EventSource("events");
    events.addEventListener("open", () => {
      this.sign.gone(false);
    });
    events.addEventListener("page", (event) => {
      this.want(Number(fieldsOf(event)["version"]));
    });
    events.addEventListener("progress", (event) => {
      this.sign.progress(fieldsOf(event));
    });
    // Of this name are both the server's news about the note and the browser's about the connection.
    events.addEventListener("error", (event) => {
      if (event instanceof MessageEvent) {
        this.sign.problem(text(fieldsOf(event)["message"]));
        return;
      }
      this.sign.gone(true);
      if (events.readyState === EventSource.CLOSED) {
        setTimeout(() => {
          this.listen();
        }, RETRY_MS);
      }
    });
  }

  /** Versions grow; a smaller one is of another server, whose page is another one too. */
  private want(version: number): void {
    if (version < this.shown) {
      this.shown = 0;
    }
    this.wanted = version;
    void this.catchUp();
  }

  private async catchUp(): Promise<void> {
    if (this.fetching) {
      return;
    }
    this.fetching = true;
    try {
      while (this.shown < this.wanted) {
        const answer = await fetch("content", { cache: "no-store" });
        if (!answer.ok) {
          break;
        }
        this.take(new DOMParser().parseFromString(await answer.text(), "text/html"));
      }
    } catch {
      // The connection is lost. When there is one again, the server says which version it has.
    }
    this.fetching = false;
  }

  private take(fetched: Document): void {
    const page = readPage(fetched);
    this.shown = versionOf(fetched);
    if (page.view === this.first.view) {
      this.show(page);
    } else {
      window.location.reload();
    }
  }
}

/** Keeps a page fresh from its server; `show` is given each newer version. */
export function followServer(page: PageData, show: (page: PageData) => void): void {
  new LivePage(page, show).listen();
}
