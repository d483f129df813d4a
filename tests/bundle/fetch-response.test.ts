/** What is fetched for a bundle: patiently, and with what is meant for its own origin alone kept there. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fetchResponse, type Wanted } from '../../src/bundle/fetch-response.ts'
import { digestsOf } from '../../src/sources/digest.ts'

const URL_OF_FILE = 'https://app.example/a.txt'

const requests: Request[] = []
/** What comes of each request, in turn; of those after, the last. */
let answers: ((request: Request) => Response | Promise<Response>)[] = []

beforeEach(() => {
  requests.length = 0
  vi.useFakeTimers()
  vi.stubGlobal('navigator', { onLine: true })
  vi.stubGlobal('fetch', async (request: Request) => {
    requests.push(request)
    return answers[Math.min(requests.length, answers.length) - 1]!(request)
  })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const text = (body: string, init?: ResponseInit) => (): Response => new Response(body, init)
const noAnswer = (): never => {
  throw new TypeError('Failed to fetch')
}
/** Whose end is not to be waited for, but for that of its request. */
const silent = ({ signal }: Request): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })

/** The body that was fetched, or why it was not, after all that it takes. */
async function fetched(
  wanted: Partial<Wanted> = {},
  signal = new AbortController().signal,
): Promise<{ body?: string; error?: unknown }> {
  const digest = (blob: Blob) => digestsOf(blob.stream(), signal)
  const outcome = fetchResponse({ url: URL_OF_FILE, ...wanted }, digest, signal).then(
    async ({ body }) => ({ body: 'blob' in body ? await body.blob.text() : '' }),
    (error: unknown) => ({ error }),
  )
  await vi.advanceTimersByTimeAsync(10 * 60_000)
  return outcome
}

it.each([
  [{ headers: { 'X-Key': 'secret' } }, 'error'],
  [{ headers: { Authorization: 'secret' } }, 'follow'],
  [{}, 'follow'],
] as const)('%j: redirects are %sed', async (wanted, redirect) => {
  answers = [text('a')]
  expect(await fetched(wanted)).toEqual({ body: 'a' })
  expect(requests.map((request) => request.redirect)).toEqual([redirect])
})

it('is asked for with all that its caller says of it', async () => {
  answers = [text('a')]
  const referrerPolicy = 'no-referrer'
  await fetched({ credentials: 'include', integrity: 'sha256-x', referrerPolicy })
  expect(requests[0]).toMatchObject({
    credentials: 'include',
    integrity: 'sha256-x',
    referrerPolicy,
  })
})

it.each([
  ['no answer', noAnswer],
  ['an answer that passes', text('', { status: 503 })],
  ['silence', silent],
  [
    'a body that breaks off',
    () => new Response(new ReadableStream({ pull: (to) => to.error(new TypeError('broken')) })),
  ],
  [
    'a body that stops',
    () => new Response(new ReadableStream({ start: (to) => to.enqueue(new Uint8Array(1)) })),
  ],
])('after %s, is asked for again', async (_, answer) => {
  answers = [answer, text('a')]
  expect(await fetched()).toEqual({ body: 'a' })
  expect(requests).toHaveLength(2)
})

/** As browsers do with `integrity`, which tell of no answer before all of it was compared. */
const compared = async (): Promise<Response> => {
  await new Promise((resolve) => setTimeout(resolve, 60_000))
  return new Response('a')
}

it('with integrity, is waited for until all of it was compared', async () => {
  answers = [compared]
  expect(await fetched({ integrity: 'sha256-x' })).toEqual({ body: 'a' })
  expect(requests).toHaveLength(1)
})

it('is given up after five attempts, with the answer that was the last', async () => {
  answers = [noAnswer, text('', { status: 503 })]
  const { error } = await fetched()
  expect(error).toMatchObject({ code: 'source-failed', detail: { status: 503 } })
  expect(requests).toHaveLength(5)
})

it.each([
  ['what is not there', () => (answers = [text('', { status: 404 })]), {}, 1],
  [
    'what can never be asked for',
    () => (answers = [text('a')]),
    { url: 'https://a:b@c.example/' },
    0,
  ],
  [
    'without a network',
    () => {
      answers = [noAnswer]
      vi.stubGlobal('navigator', { onLine: false })
    },
    {},
    1,
  ],
])('%s is asked for once', async (_, prepare, wanted, count) => {
  prepare()
  expect((await fetched(wanted)).error).toMatchObject({ code: 'source-failed' })
  expect(requests).toHaveLength(count)
})

it('leaves no body of an error behind that would hold its connection', async () => {
  const cancelled = vi.fn()
  answers = [
    ({ signal }) => {
      signal.addEventListener('abort', cancelled)
      return new Response('none', { status: 404 })
    },
  ]
  await fetched()
  expect(cancelled).toHaveBeenCalledOnce()
})

it.each([{}, { integrity: 'sha256-x' }])(
  'ends with the job, whose reason it gives',
  async (wanted) => {
    answers = [silent]
    const ending = new AbortController()
    const reason = new Error('cancelled')
    setTimeout(() => ending.abort(reason), 100)
    expect(await fetched(wanted, ending.signal)).toEqual({ error: reason })
    expect(requests).toHaveLength(1)
  },
)

it('knows by which of its headers the answer varies, but for what may be secret', async () => {
  answers = [text('a', { headers: { Vary: 'Accept-Language, Accept, Authorization, X-Key' } })]
  const signal = new AbortController().signal
  const headers = { 'accept-language': 'de', Authorization: 'secret', 'X-Key': 'secret' }
  const wanted = { url: URL_OF_FILE, headers }
  const { vary } = await fetchResponse(wanted, (blob) => digestsOf(blob.stream(), signal), signal)
  expect(vary).toEqual({ 'accept-language': 'de' })
})
