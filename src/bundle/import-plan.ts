/** What a bundle's responses become on this origin: the caches, the requests, the headers. */

import { HoldallError } from '../errors.ts'
import { shownAs } from '../zip/option-checks.ts'
import type { BundleDescription, BundledResponse } from './description.ts'
import { foreignOrigin } from './import-refusals.ts'

/** A response, and where it is to be. */
export interface Restoration {
  readonly source: BundledResponse
  readonly cache: string
  readonly request: Request
  readonly headers: Headers
}

/** Something of a bundle that was not restored as it was. */
export interface ImportWarning {
  /** A header that no response made by a page may have, or no cache takes. */
  readonly code: 'header-dropped'
  readonly url: string
  readonly header: string
  readonly message: string
}

export interface RestorePlan {
  readonly restorations: readonly Restoration[]
  readonly warnings: readonly ImportWarning[]
}

export interface PlanSettings {
  /** The origin of this page. */
  readonly here: string
  readonly from: string
  readonly origins: readonly string[]
  /** The cache for responses that are of none. */
  readonly cache: string
}

/**
 * @throws {HoldallError} `foreign-origin`, `invalid-bundle`.
 */
export function planRestore(
  description: BundleDescription,
  { here, from, origins, cache }: PlanSettings,
): RestorePlan {
  const { origin } = description
  if (origin !== from) {
    const remedy =
      from === here
        ? `give \`from: '${origin}'\` if it is to be restored here nevertheless`
        : `\`from\` says ${from}`
    throw foreignOrigin(origin, `it was exported from ${origin}, and this is ${here}; ${remedy}`)
  }
  const warnings: ImportWarning[] = []
  const restorations = description.responses.map((source) => {
    const url = new URL(source.url)
    if (url.origin !== from && !origins.includes(url.origin)) {
      throw foreignOrigin(
        url.origin,
        `the bundle may have responses of ${from} only; list ${url.origin} in \`origins\` if it may have those, too`,
        source.url,
      )
    }
    const moved = url.origin === from ? source.url.replace(from, here) : source.url
    return {
      source,
      cache: source.cache === null ? cache : movedName(source.cache, from, here),
      request: new Request(moved, { headers: source.vary ?? {} }),
      headers: headersOf(source, warnings),
    }
  })
  return { restorations, warnings }
}

/** The names that Workbox gives its caches end with the URL of their scope. */
function movedName(name: string, from: string, here: string): string {
  const at = name.indexOf(`${from}/`)
  return at < 0 ? name : name.slice(0, at) + here + name.slice(at + from.length)
}

function headersOf({ url, headers }: BundledResponse, warnings: ImportWarning[]): Headers {
  const kept = new Headers()
  for (const [header, value] of headers) {
    const why = whyDropped(header, value)
    if (why === undefined) kept.append(header, value)
    else {
      const message = `The header ${header} of ${url} was not restored: ${why}`
      warnings.push({ code: 'header-dropped', url, header, message })
    }
  }
  return kept
}

function whyDropped(header: string, value: string): string | undefined {
  if (/^set-cookie2?$/i.test(header)) return 'pages may not set cookies by responses'
  const isStar = /^vary$/i.test(header) && value.split(',').some((name) => name.trim() === '*')
  return isStar ? 'caches take no response that varies by everything' : undefined
}

/**
 * The origin that `value` is.
 *
 * @throws {HoldallError} `invalid-option`.
 */
export function originOption(option: string, value: string): string {
  try {
    if (/^https?:/.test(value) && new URL(value).origin === value) return value
  } catch {
    // The error below says it in the caller's terms.
  }
  throw new HoldallError(
    'invalid-option',
    `Cannot import the bundle: the option ${option} must be an origin, as in https://app.example, not ${shownAs(value)}`,
    { option },
  )
}
