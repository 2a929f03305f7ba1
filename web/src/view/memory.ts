// What the reader chose, kept for the next visit. On `file://` and in private windows there may be no storage: then a choice
// holds until the page is closed.

const PREFIX = "ermine.";

export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string | null): void {
  try {
    if (value === null) {
      localStorage.removeItem(PREFIX + name);
    } else {
      localStorage.setItem(PREFIX + name, value);
    }
  } catch {
    // The choice holds for this page.
  }
}
