import type { PageData } from "../page";

/** A way of showing a page. */
export interface View {
  /** Shows the page; called again with a newer one. Resolves when everything is drawn. */
  update(page: PageData): Promise<void>;
}
