// Pictures that lie beside the note: the page holds them, and nothing is asked of the folder where the page is read. It works
// on a note's body before that belongs to the document: there the browser would look for the address at once.

import { make } from "../view/dom";

/** With neither a scheme nor a host. */
const isRelative = (address: string): boolean => !/^(?:[a-z][a-z0-9+.-]*:|[\\/]{2}|$)/i.test(address);

/** The renderer encodes what a note may write plainly. */
function plain(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

function missing(image: Element, address: string): HTMLElement {
  const words = image.getAttribute("alt") ?? "";
  const mark = make("span", { class: "mark" }, `not found: ${plain(address)}`);
  return make("span", { class: "picture-missing" }, ...(words === "" ? [] : [words, " "]), mark);
}

/** `pictures`: by address as the note writes it. */
export function placePictures(body: DocumentFragment, pictures: ReadonlyMap<string, string>): void {
  const known = new Map([...pictures].map(([address, data]) => [plain(address), data]));
  for (const image of body.querySelectorAll("img[src]")) {
    const address = image.getAttribute("src") ?? "";
    if (!isRelative(address)) {
      continue;
    }
    const data = known.get(plain(address));
    if (data === undefined) {
      image.replaceWith(missing(image, address));
    } else {
      image.setAttribute("src", data);
    }
  }
}
