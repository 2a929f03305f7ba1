// Formulas. Each placeholder holds its TeX source as text; KaTeX draws it into the element. A macro that one formula defines
// holds in all later ones, in document order, and may be defined again (as in MathJax, which is what authors are used to).

import katex, { type KatexOptions } from "katex";

/** What all definitions on a page may come to. */
const MOST_MACROS = 200;
const MOST_DEFINING_TEXT = 10 * 1024;

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

/** The macros of one pass over a page. Every pass starts from nothing, or its own definitions would be in its way. */
class Macros {
  private readonly table: Record<string, string> = { ...SUPPLIED };
  private definingText = 0;

  draw(element: HTMLElement, source: string): void {
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
      macros: this.table,
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

/**
 * Draws every formula below `root`. Called again, on a page that has changed, it draws what is new and what other definitions
 * now hold for; formulas that define something are drawn each time, since a pass starts without macros.
 */
export function drawMath(root: ParentNode): void {
  const macros = new Macros();
  let definitions = "";
  for (const element of root.querySelectorAll<HTMLElement>(".math")) {
    const source = element.dataset["tex"] ?? element.textContent;
    element.dataset["tex"] = source;
    const before = drawings.get(element);
    const defines = DEFINES.test(source);
    if (defines || before?.source !== source || before.definitions !== definitions) {
      macros.draw(element, source);
      drawings.set(element, { source, definitions });
    }
    if (defines) {
      definitions += source;
    }
  }
}
