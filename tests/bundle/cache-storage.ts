/** Cache Storage for Node, as far as an export asks it. */

import { vi } from 'vitest'

/** A response for a cache. */
export interface Kept {
  readonly url: string
  readonly body?: string | Uint8Array<ArrayBuffer> | Blob
  readonly headers?: Record<string, string>
  readonly status?: number
  /** Headers of the request. */
  readonly request?: Record<string, string>
  readonly opaque?: boolean
  /** A `Vary` that the page may not see. */
  readonly hiddenVary?: string
  /** Whether the page has a policy that does not let it have the response. */
  readonly isBlocked?: boolean
}

/** Puts `caches` into the place of the browser's, until globals are put back. */
export function stubCaches(kept: Readonly<Record<string, readonly Kept[]>>): void {
  vi.stubGlobal('caches', {
    keys: async () => Object.keys(kept),
    has: async (name: string) => name in kept,
    open: async (name: string) => new FakeCache(kept[name]!),
  })
}

/** A request that has any header, as those in a cache may. */
const AnyRequest = Request

/** Has `Request` drop headers that browsers let no page set (Fetch, "forbidden request-header"), until globals are put back. */
export function stubRequest(): void {
  vi.stubGlobal(
    'Request',
    class extends AnyRequest {
      constructor(info: RequestInfo, { headers, ...init }: RequestInit = {}) {
        const allowed = [...new Headers(headers)].filter(([name]) => !name.startsWith('sec-'))
        super(info, info instanceof AnyRequest ? init : { ...init, headers: allowed })
      }
    },
  )
}

class FakeCache {
  readonly #kept: readonly Kept[]

  constructor(kept: readonly Kept[]) {
    this.#kept = kept
  }

  async keys(): Promise<Request[]> {
    return this.#kept.map(({ url, request = {} }) => new AnyRequest(url, { headers: request }))
  }

  async match(info: RequestInfo, { ignoreVary = false } = {}): Promise<Response | undefined> {
    const request = new AnyRequest(info)
    const found = this.#kept.find(({ url, headers = {}, hiddenVary, request: own = {} }) => {
      const vary = ignoreVary
        ? []
        : (hiddenVary ?? headers['Vary'] ?? '').toLowerCase().split(',').filter(Boolean)
      return (
        url === request.url &&
        vary.every((name) => (own[name] ?? null) === request.headers.get(name))
      )
    })
    if (found === undefined) return undefined
    if (found.isBlocked) throw new TypeError('Blocked by Cross-Origin-Resource-Policy')
    const { body = '', headers = {}, status = 200, url } = found
    const response =
      status === 0
        ? Response.error()
        : new Response(status === 204 ? null : body, { status, headers })
    Object.defineProperty(response, 'url', { value: url })
    if (found.opaque) Object.defineProperty(response, 'type', { value: 'opaque' })
    return response
  }
}
