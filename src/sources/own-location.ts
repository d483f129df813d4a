/** Where this program runs, if that has a URL: pages and their workers have one. */

/** Node, Bun and workerd have no `location`, Deno one that is undefined or, before 2.0, throws. */
export function ownLocation(): { readonly href: string; readonly origin: string } | undefined {
  try {
    return globalThis.location
  } catch {
    return undefined
  }
}

/** What relative URLs are relative to here, as for `fetch`: the page's base URL, or the script of a Web Worker. */
export function ownBase(): string | undefined {
  const { document } = globalThis as { document?: { readonly baseURI: string } }
  return document?.baseURI ?? ownLocation()?.href
}
