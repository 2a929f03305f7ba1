// What a note may put on the page: the lists that the sanitiser goes by, in one place.

import { SLIDE_ATTRIBUTES } from "./slide_attributes";

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const ELEMENTS = words(`
  a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure
  h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark nav ol p pre q rp rt ruby s samp section small span strong sub summary sup
  table tbody td tfoot th thead time tr u ul var wbr input`);

/** Elements that are gone with all that is in them; of others that are not allowed the content stays. */
export const FORBIDDEN_CONTENT = words(`
  script style template noscript iframe object embed form svg math head title noembed noframes plaintext xmp applet
  textarea select`);

export const ATTRIBUTES = words(`
  href src alt title width height align colspan rowspan scope start value reversed open lang dir datetime
  loading class id role type checked disabled`);

/** Data that elements of the renderer carry. Raw HTML keeps none of it but the order of fragments. */
export const OWN_DATA: readonly string[] = [
  ...words("data-line data-start data-kind data-id data-engine data-value data-color"),
  ...SLIDE_ATTRIBUTES,
];

const RAW_DATA = new Set(["data-fragment-index"]);

export const isRawData = (name: string): boolean => RAW_DATA.has(name);

const SCHEMES = new Set(words("http https mailto tel"));
const IMAGE_DATA = /^data:image\/(?:png|jpeg|gif|webp)[;,]/i;

/** The scheme as a browser would read it, which takes out tabs and line ends and the controls in front; "": a relative address. */
function scheme(address: string): string {
  // eslint-disable-next-line no-control-regex
  const read = address.replace(/^[\u0000-\u0020]+|[\t\n\r]/g, "");
  return /^([a-z][a-z0-9+.-]*):/i.exec(read)?.[1]?.toLowerCase() ?? "";
}

/** Whether an element may have the address in its `href` or `src`. */
export function isAllowedAddress(address: string, element: string): boolean {
  const given = scheme(address);
  return given === "" || SCHEMES.has(given) || (element === "img" && IMAGE_DATA.test(address));
}
