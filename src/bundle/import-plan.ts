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
  /**
   * `header-dropped`: a header, or a part of it, that no response made by a page may have, or no cache takes.
   * `variant-dropped`: a response that only such a header tells from another of its URL.
   */
  readonly code: 'header-dropped' | 'variant-dropped'
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
  const restorations: Restoration[] = []
  const taken = new Set<string>()
  for (const source of description.responses) {
    const url = new URL(source.url)
    if (url.origin !== from && !origins.includes(url.origin)) {
      throw foreignOrigin(
        url.origin,
        `the bundle may have responses of ${from} only; list ${url.origin} in \`origins\` if it may have those, too`,
        source.url,
      )
    }
    const moved = url.origin === from ? source.url.replace(from, here) : source.url
    const name = source.cache === null ? cache : movedName(source.cache, from, here)
    const dropped: ImportWarning[] = []
    const asked = new Request(moved, { headers: source.vary ?? {} })
    const headers = headersOf(source, asked, dropped)
    const request = new Request(moved, { headers: namedBy(headers, asked.headers) })
    const key = JSON.stringify([name, withoutHash(moved), [...request.headers]])
    if (taken.has(key)) {
      const message = `${source.url} is restored once to the cache "${name}", as the first of several: nothing that a page may ask by tells them apart`
      warnings.push({ code: 'variant-dropped', url: source.url, header: 'Vary', message })
      continue
    }
    taken.add(key)
    warnings.push(...dropped)
    restorations.push({ source, cache: name, request, headers })
  }
  return { restorations, warnings }
}

/** A response with its number. */
export interface Variant extends Restoration {
  readonly index: number
}

/**
 * `restorations` by what they are of, one URL of one cache, in an order in which none takes the place of another: a response
 * is replaced by one whose request has all that its `Vary` names, with the same values. Requests that have fewer headers
 * come later; those that have the same were told apart before.
 */
export function variantsOf(restorations: readonly Restoration[]): Variant[][] {
  const groups = new Map<string, Variant[]>()
  for (const [index, restoration] of restorations.entries()) {
    const key = JSON.stringify([restoration.cache, withoutHash(restoration.request.url)])
    const group = groups.get(key) ?? []
    groups.set(key, group)
    group.push({ ...restoration, index })
  }
  const headers = ({ request }: Variant): number => [...request.headers].length
  return Array.from(groups.values(), (group) => group.toSorted((a, b) => headers(b) - headers(a)))
}

/** Caches do not look at fragments. */
function withoutHash(url: string): string {
  return url.replace(/#.*/, '')
}

/** The names that Workbox gives its caches end with the URL of their scope. */
function movedName(name: string, from: string, here: string): string {
  const at = name.indexOf(`${from}/`)
  return at < 0 ? name : name.slice(0, at) + here + name.slice(at + from.length)
}

function headersOf(
  { url, headers, vary = {} }: BundledResponse,
  request: Request,
  warnings: ImportWarning[],
): Headers {
  // a response that varies by what no page can ask for would never be found
  const unset = Object.keys(vary)
    .filter((name) => !request.headers.has(name))
    .map((name) => name.toLowerCase())
  const kept = new Headers()
  for (const [header, value] of headers) {
    const why = whyDropped(header, value)
    if (why !== undefined) {
      const message = `The header ${header} of ${url} was not restored: ${why}`
      warnings.push({ code: 'header-dropped', url, header, message })
      continue
    }
    const names = /^vary$/i.test(header) ? value.split(',') : []
    const left = names.filter((name) => !unset.includes(name.trim().toLowerCase()))
    if (left.length === names.length) kept.append(header, value)
    else {
      if (left.length > 0) kept.append(header, left.join(','))
      const message = `The header ${header} of ${url} was restored without ${unset.join(', ')}: pages may not set that of a request`
      warnings.push({ code: 'header-dropped', url, header, message })
    }
  }
  return kept
}

/** Of the headers of a request, those that an answer with `headers` varies by: a cache looks at no others. */
function namedBy(headers: Headers, asked: Headers): [string, string][] {
  const named = (headers.get('Vary') ?? '').toLowerCase().split(/[\s,]+/)
  return [...asked].filter(([name]) => named.includes(name))
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
