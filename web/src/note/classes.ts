// Classes that a note may use.

/** Classes that raw HTML and comments on slides may use: looks that a note may give its text, none of the page's own. */
const PUBLIC_CLASSES = new Set(
  `
  alert alert-success alert-info alert-warning alert-danger
  fragment fade-out fade-up fade-down fade-left fade-right fade-in-then-out fade-in-then-semi-out current-visible
  semi-fade-out grow shrink strike highlight-red highlight-green highlight-blue highlight-current-red
  highlight-current-green highlight-current-blue
  r-fit-text r-stretch r-stack r-hstack r-vstack`
    .trim()
    .split(/\s+/),
);

const LANGUAGE = /^language-[\w.+#-]{1,40}$/;

/** The public ones among the classes. */
export const publicClasses = (value: string): string =>
  value
    .split(/\s+/)
    .filter((name) => PUBLIC_CLASSES.has(name) || LANGUAGE.test(name))
    .join(" ");
