// HTML in a form in which two writings of the same can be compared: attributes sorted, white space beside block tags dropped,
// <br /> and <br>, disabled and disabled="" alike. What is inside <pre> stays.

const BLOCK = new Set(
  `address article aside blockquote body caption col colgroup dd details dialog div dl dt fieldset figcaption figure footer
  form h1 h2 h3 h4 h5 h6 header hr html iframe legend li main menu nav ol p pre section summary table tbody td tfoot th thead
  tr ul`
    .trim()
    .split(/\s+/),
);

const ATTRIBUTE = /([^\s=/>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]+))?/g;

function normalTag(tag: string): string {
  const [, close = "", name = "", rest = ""] = /^<(\/?)([A-Za-z][A-Za-z0-9-]*)([\s\S]*?)\/?>$/.exec(tag) ?? [];
  if (name === "") {
    return tag;
  }
  const attributes = [...rest.matchAll(ATTRIBUTE)].map(
    ([, key, value = '""']) => ` ${key}="${value.replace(/^["']|["']$/g, "")}"`,
  );
  return `<${close}${name.toLowerCase()}${attributes.sort().join("")}>`;
}

const blockName = (part: string | undefined): boolean =>
  BLOCK.has(/^<\/?([A-Za-z][A-Za-z0-9-]*)/.exec(part ?? "")?.[1]?.toLowerCase() ?? "");

export function normal(html: string): string {
  const parts = html.split(/(<[A-Za-z/](?:"[^"]*"|'[^']*'|[^>"'])*>)/);
  let pre = 0;
  return parts
    .map((part, index) => {
      if (index % 2 === 1) {
        pre += /^<pre\b/i.test(part) ? 1 : /^<\/pre\b/i.test(part) ? -1 : 0;
        return normalTag(part);
      }
      if (pre > 0) {
        return part;
      }
      const left = index === 0 || blockName(parts[index - 1]) ? part.trimStart() : part;
      return index === parts.length - 1 || blockName(parts[index + 1]) ? left.trimEnd() : left;
    })
    .join("");
}
