// A page asks nothing of the network. Whatever a specification wants to load is refused: its data with a message, addresses
// in marks (links, images) by giving nothing back.

import type { Loader, Spec } from "vega";

const refuse = (address: string): Promise<never> => Promise.reject(new Error(`not loaded: ${address}`));

export const offline: Loader = {
  options: {},
  load: refuse,
  sanitize: refuse,
  http: refuse,
  file: refuse,
} as Loader;

/** Addresses that a compiled specification would read its data from, at any depth. */
export function dataAddresses(spec: Spec): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      node.forEach(visit);
    } else if (typeof node === "object" && node !== null) {
      const { data, marks } = node as { data?: unknown; marks?: unknown };
      for (const source of Array.isArray(data) ? (data as unknown[]) : []) {
        if (typeof source === "object" && source !== null && "url" in source) {
          found.push(typeof source.url === "string" ? source.url : "an address");
        }
      }
      visit(marks);
    }
  };
  visit(spec);
  return found;
}
