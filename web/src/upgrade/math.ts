// Formulas. Each placeholder holds its TeX source as text; KaTeX draws it into the element. A macro that one formula defines
// holds in all later ones, in document order, and may be defined again (as in MathJax, which is what authors are used to).

import katex, { type KatexOptions } from "katex";

/** What all definitions on a page may come to. */
const MOST_MACROS = 200;
const MOST_DEFINING_TEXT = 10 * 1024;

/** What one formula may come to: characters as written, and tokens with its macros written out. */
const MOST_CHARACTERS = 10_000;
const MOST_TOKENS = 20_000;

/** Formulas are drawn at once up to this many characters of them; the others follow in turns that leave the page free. */
const AT_ONCE = 30_000;
const TURN_MS = 25;

const DEFINES =
  /\\(?:newcommand|renewcommand|providecommand|def|gdef|edef|xdef|let|futurelet|DeclareMathOperator)(?![A-Za-z])/;

/** MathJax's words that KaTeX lacks. */
const SUPPLIED = {
  "\\DeclareMathOperator": "\\@ifstar{\\ermine@operator{\\operatorname*}}{\\ermine@operator{\\operatorname}}",
  "\\ermine@operator": "\\gdef#2{#1{#3}}",
  "\\require": "\\@secondoftwo{#1}{}",
};

/** Written twice, a definition is an error to KaTeX; this form of it is right whether or not the name is taken. */
const redefining = (source: string): string =>
  source.replace(
    /\\newcommand\s*\*?\s*(?:\{\s*(\\(?:[A-Za-z@]+|.))\s*\}|(\\(?:[A-Za-z@]+|.)))/g,
    (_whole, braced, bare) => {
      const name = String(braced ?? bare);
      return `\\providecommand{${name}}{}\\renewcommand{${name}}`;
    },
  );

function showFailure(element: HTMLElement, source: string, message: string): void {
  const failed = document.createElement("code");
  failed.className = "math-error";
  failed.textContent = source;
  failed.title = message;
  element.replaceChildren(failed);
}

/** A macro as KaTeX keeps it: as it was supplied, or as tokens of its body. */
type Body = string | { readonly tokens?: readonly { readonly text: string }[] };

/** The macros of one pass over a page. Every pass starts from nothing, or its own definitions would be in its way. */
class Macros {
  private readonly table: Record<string, Body> = { ...SUPPLIED };
  private definingText = 0;

  draw(element: HTMLElement, source: string): void {
    if (source.length > MOST_CHARACTERS || this.tokens(source) > MOST_TOKENS) {
      showFailure(
        element,
        source,
        `a formula has at most ${MOST_CHARACTERS} characters, and ${MOST_TOKENS} with its macros written out`,
      );
      return;
    }
    if (DEFINES.test(source)) {
      this.definingText += source.length;
      if (this.definingText > MOST_DEFINING_TEXT || Object.keys(this.table).length > MOST_MACROS) {
        showFailure(
          element,
          source,
          `a note defines at most ${MOST_MACROS} macros in ${MOST_DEFINING_TEXT} characters`,
        );
        return;
      }
    }
    const failure = this.attempt(element, source);
    const again = failure?.includes("attempting to redefine") ? this.attempt(element, redefining(source)) : failure;
    if (again !== undefined) {
      showFailure(element, source, again);
    }
  }

  /** How many tokens a formula comes to when its macros are written out; beyond the bound it is not counted further. */
  private tokens(source: string): number {
    const known = new Map<string, number>();
    const sizeOf = (name: string): number => {
      const size = known.get(name);
      if (size !== undefined) {
        return size;
      }
      // A macro that comes back to itself is stopped by KaTeX, which counts expansions.
      known.set(name, 1);
      const body = Object.hasOwn(this.table, name) ? this.table[name] : undefined;
      let sum = 1;
      for (const { text } of typeof body === "object" ? (body.tokens ?? []) : []) {
        sum += sizeOf(text);
        if (sum > MOST_TOKENS) {
          break;
        }
      }
      known.set(name, sum);
      return sum;
    };
    let sum = source.length;
    for (const [name] of source.matchAll(/\\(?:[A-Za-z@]+|.)/gs)) {
      sum += sizeOf(name);
      if (sum > MOST_TOKENS) {
        break;
      }
    }
    return sum;
  }

  /** Draws; gives KaTeX's message if the whole formula failed. */
  private attempt(element: HTMLElement, source: string): string | undefined {
    const options: KatexOptions = {
      displayMode: element.classList.contains("display"),
      output: "htmlAndMathml",
      throwOnError: false,
      errorColor: "var(--error)",
      strict: "ignore",
      trust: false,
      maxExpand: 1000,
      maxSize: 50,
      macros: this.table as NonNullable<KatexOptions["macros"]>,
      globalGroup: true,
    };
    try {
      katex.render(source, element, options);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return element.querySelector<HTMLElement>(".katex-error")?.title;
  }
}

interface Drawing {
  readonly source: string;
  /** The definitions that held before it. */
  readonly definitions: string;
}

const drawings = new WeakMap<Element, Drawing>();

/** The pass that is under way below a root: a later one takes its place. */
const passes = new WeakMap<ParentNode, object>();

/**
 * Draws every formula below `root`, in document order. Called again, on a page that has changed, it draws what is new and what
 * other definitions now hold for; formulas that define something are drawn each time, since a pass starts without macros.
 * A page with thousands of formulas is there after the first of them; the promise is kept when all are drawn.
 */
export async function drawMath(root: ParentNode): Promise<void> {
  const pass = {};
  passes.set(root, pass);
  const macros = new Macros();
  let definitions = "";
  let characters = 0;
  let turn = performance.now();
  for (const element of [...root.querySelectorAll<HTMLElement>(".math")]) {
    const source = element.dataset["tex"] ?? element.textContent;
    element.dataset["tex"] = source;
    const before = drawings.get(element);
    const defines = DEFINES.test(source);
    if (defines || before?.source !== source || before.definitions !== definitions) {
      characters += source.length + 10;
      if (characters > AT_ONCE && performance.now() - turn > TURN_MS) {
        await new Promise((resolve) => setTimeout(resolve));
        if (passes.get(root) !== pass) {
          return;
        }
        turn = performance.now();
      }
      macros.draw(element, source);
      drawings.set(element, { source, definitions });
    }
    if (defines) {
      definitions += source;
    }
  }
}
