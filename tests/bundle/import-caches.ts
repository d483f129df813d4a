/** Cache Storage in memory, with Vary, as much as an import needs; it can be full, or refuse. */

interface Stored {
  readonly request: Request
  readonly response: Response
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** What stands in a cache, for a comparison. */
export interface Seen {
  readonly url: string
  readonly status: number
  readonly headers: readonly [string, string][]
  readonly body: string
}

export class FakeCaches {
  readonly made = new Map<string, FakeCache>()
  /** Bytes of bodies that there is room for. */
  room = Infinity
  /** Called before each response is stored; what it throws is what `put()` rejects with. */
  beforePut: (cache: string, url: string) => void | Promise<void> = () => undefined

  open(name: string): Promise<FakeCache> {
    const cache = this.made.get(name) ?? new FakeCache(name, this)
    this.made.set(name, cache)
    return Promise.resolve(cache)
  }

  keys(): Promise<string[]> {
    return Promise.resolve([...this.made.keys()])
  }

  has(name: string): Promise<boolean> {
    return Promise.resolve(this.made.has(name))
  }

  delete(name: string): Promise<boolean> {
    const cache = this.made.get(name)
    if (cache) cache.stored = []
    return Promise.resolve(this.made.delete(name))
  }

  async match(request: RequestInfo): Promise<Response | undefined> {
    for (const cache of this.made.values()) {
      const found = await cache.match(request)
      if (found !== undefined) return found
    }
    return undefined
  }

  get used(): number {
    const stored = [...this.made.values()].flatMap((cache) => cache.stored)
    return stored.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  /** All that is in it, by cache. */
  seen(): Record<string, Seen[]> {
    return Object.fromEntries([...this.made].map(([name, cache]) => [name, cache.seen()]))
  }
}

class FakeCache {
  stored: Stored[] = []
  readonly #name: string
  readonly #storage: FakeCaches

  constructor(name: string, storage: FakeCaches) {
    this.#name = name
    this.#storage = storage
  }

  async put(info: RequestInfo, response: Response): Promise<void> {
    const request = new Request(info)
    if (response.status === 206) throw new TypeError('Partial response')
    if (response.headers.get('Vary')?.includes('*')) throw new TypeError('Vary header contains *')
    await this.#storage.beforePut(this.#name, request.url)
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (this.#storage.used + bytes.length > this.#storage.room) {
      throw new DOMException('Quota exceeded.', 'QuotaExceededError')
    }
    this.stored = this.stored.filter((one) => !matches(one, request))
    this.stored.push({ request, response, bytes })
  }

  match(info: RequestInfo, options: CacheQueryOptions = {}): Promise<Response | undefined> {
    const found = this.stored.find((one) => matches(one, new Request(info), options))
    return Promise.resolve(found && responseOf(found))
  }

  keys(info?: RequestInfo): Promise<Request[]> {
    const asked = info === undefined ? undefined : new Request(info)
    const found = this.stored.filter((one) => asked === undefined || matches(one, asked))
    return Promise.resolve(found.map(({ request }) => request))
  }

  async delete(info: RequestInfo, options: CacheQueryOptions = {}): Promise<boolean> {
    const request = new Request(info)
    const before = this.stored.length
    this.stored = this.stored.filter((one) => !matches(one, request, options))
    return Promise.resolve(this.stored.length < before)
  }

  seen(): Seen[] {
    return this.stored.map(({ request, response, bytes }) => ({
      url: request.url,
      status: response.status,
      headers: [...response.headers],
      body: Buffer.from(bytes).toString('latin1'),
    }))
  }
}

function matches(
  { request, response }: Stored,
  asked: Request,
  { ignoreVary }: CacheQueryOptions = {},
): boolean {
  const plain = (url: string): string => url.replace(/#.*/, '')
  if (plain(request.url) !== plain(asked.url)) return false
  const names = (response.headers.get('Vary') ?? '').split(',')
  const varies = names.some((name) => {
    const header = name.trim().toLowerCase()
    return headerOf(request, header) !== headerOf(asked, header)
  })
  return ignoreVary === true || !varies
}

/** Undefined of what could be no header's name, too: engines keep a response whose `Vary` has such, `get` throws. */
function headerOf({ headers }: Request, name: string): string | undefined {
  return new Map(headers).get(name)
}

function responseOf({ response, bytes }: Stored): Response {
  const { status, statusText, headers } = response
  const body = [204, 205, 304].includes(status) ? null : bytes
  return new Response(body, { status, statusText, headers })
}
