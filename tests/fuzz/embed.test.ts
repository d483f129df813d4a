/** A page and the frame of another site in it, each against an other side that says anything. */

import fc from 'fast-check'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { configure } from '../../src/client/configuration.ts'
import { answerRequests, NamedFiles } from '../../src/embed/answer-requests.ts'
import type { Connection } from '../../src/embed/connection.ts'
import { invitationIn, portFromPage, versionFromFrame } from '../../src/embed/handshake.ts'
import { relayedFetch } from '../../src/embed/relayed-fetch.ts'
import { RemoteJob } from '../../src/embed/remote-job.ts'
import { serveJob } from '../../src/embed/served-job.ts'
import { any, nothingEscapes, sendTo } from './escapes.ts'
import { fuzz } from './fuzz.ts'

const PAGE = 'https://shop.test'
const NAMED = `${PAGE}/photo.jpg`

const fetched: string[] = []
beforeAll(() => {
  vi.stubGlobal('document', { baseURI: `${PAGE}/` })
  vi.stubGlobal('location', { href: `${PAGE}/`, origin: PAGE })
  vi.stubGlobal('fetch', (url: string) => {
    fetched.push(url)
    return Promise.resolve(new Response('a photo'))
  })
  configure({
    worker: () => {
      throw new Error('There is none here')
    },
  })
})
afterAll(() => vi.unstubAllGlobals())

const messageOf = (
  types: readonly string[],
  fields: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 1, arbitrary: any },
    {
      weight: 4,
      arbitrary: fc.record(
        { type: fc.constantFrom<unknown>(...types, 'other', 7), ...fields },
        { requiredKeys: ['type'] },
      ),
    },
  )

const number = fc.oneof(fc.constantFrom(0, 1), any)
const url = fc.oneof(fc.constantFrom(NAMED, `${PAGE}/secret`, 'photo.jpg', `${PAGE}/`), any)
const init = {
  method: any,
  headers: fc.oneof(any, fc.constant([['Range', 'bytes=0-']])),
  cache: any,
  credentials: any,
  integrity: any,
  redirect: any,
  referrerPolicy: any,
}

const NONCE = 'the nonce of the page'
const nonce = fc.oneof(any, fc.constant(NONCE))
const origin = fc.constantFrom(PAGE, 'https://evil.test', 'null')

fuzz(
  'what windows say to a page and to its frame',
  1 / 8,
  nothingEscapes(
    fc.record({ data: any, nonce, origin, isOurs: fc.boolean(), fragment: fc.string() }),
    async ({ data, nonce: said, origin: from, isOurs, fragment }) => {
      const window = {} as Window
      const invitation = { nonce: NONCE, origin: PAGE }
      const event = (message: unknown): MessageEvent =>
        ({ source: isOurs ? window : {}, origin: from, data: message }) as MessageEvent
      const trusted = isOurs && from === PAGE && said === NONCE
      const { port1 } = new MessageChannel()
      const connect = { type: 'holdall:embed-connect', nonce: said, port: port1 }
      expect(portFromPage(event(connect), window, invitation)).toBe(trusted ? port1 : undefined)
      const other = { ...connect, port: data }
      expect(portFromPage(event(other), window, invitation)).toBeUndefined()
      expect(portFromPage(event(data), window, invitation)).toBeUndefined()
      port1.close()
      const ready = { type: 'holdall:embed-ready', nonce: said, version: data }
      const version = versionFromFrame(event(ready), window, PAGE, NONCE)
      expect(version === undefined).toBe(!trusted)
      expect(versionFromFrame(event(data), window, PAGE, NONCE)).toBeUndefined()
      const invited = `nonce=n&origin=${encodeURIComponent(from)}`
      expect(invitationIn(invited, [PAGE])?.origin).toBe(from === PAGE ? PAGE : undefined)
      expect([undefined, PAGE]).toContain(invitationIn(fragment, [PAGE])?.origin)
    },
  ),
)

fuzz(
  'what a frame asks a page for',
  1 / 4,
  nothingEscapes(
    fc.array(messageOf(['request', 'abort'], { id: number, url, ...init }), { maxLength: 4 }),
    async (messages) => {
      const { port1, port2 } = new MessageChannel()
      const named = new NamedFiles(PAGE)
      named.add(NAMED, PAGE)
      fetched.length = 0
      answerRequests(port1, named)
      const last = new Promise<void>((resolve) => {
        port2.onmessage = ({ data }: MessageEvent<{ id: unknown; body?: MessagePort }>) => {
          data.body?.close()
          if (data.id === 'last') resolve()
        }
      })
      for (const one of messages) sendTo(port2, one)
      sendTo(port2, { type: 'request', id: 'last', url: `${PAGE}/secret` })
      await last
      port2.close()
      expect(fetched.filter((asked) => asked !== NAMED)).toEqual([])
    },
  ),
)

fuzz(
  'what a page answers its frame',
  1 / 4,
  nothingEscapes(
    fc.array(
      messageOf(['response', 'failed'], {
        id: number,
        url: any,
        status: fc.oneof(fc.constantFrom(200, 204, 999), any),
        statusText: any,
        headers: fc.oneof(any, fc.array(fc.tuple(fc.string(), fc.string()))),
        body: any,
        message: any,
      }),
      { maxLength: 4 },
    ),
    async (messages) => {
      const { port1, port2 } = new MessageChannel()
      const relayed = relayedFetch(() => Promise.reject(new Error('It is of the page')), {
        origin: PAGE,
        port: port1,
      })
      const asked = [relayed(NAMED), relayed(`${PAGE}/b.jpg`)]
      for (const one of messages) sendTo(port2, one)
      for (const id of [0, 1]) sendTo(port2, { type: 'failed', id, message: 'It failed' })
      for (const { status, reason, value } of (await Promise.allSettled(asked)) as Settled[]) {
        if (status === 'fulfilled') expect(value).toBeInstanceOf(Response)
        else expect(reason).toBeInstanceOf(Error)
      }
      port1.close()
    },
  ),
)

interface Settled {
  readonly status: string
  readonly value?: unknown
  readonly reason?: unknown
}

const files = fc.oneof(any, fc.array(fc.oneof(url, fc.record({ url, name: any, data: any }))))

fuzz(
  'what a page has a job in its frame do',
  1 / 4,
  nothingEscapes(
    fc.array(
      messageOf(
        ['files', 'begin', 'plan', 'download', 'pause', 'resume', 'cancel', 'answer', 'no-answer'],
        {
          files,
          options: fc.oneof(any, fc.record({ baseURL: any, name: any, retry: any, sinks: any })),
          manifest: any,
          ask: number,
          value: any,
          error: any,
        },
      ),
      { maxLength: 5 },
    ),
    async (messages) => {
      const { port1, port2 } = new MessageChannel()
      serveJob(port1, PAGE)
      const told = new Promise<unknown>((resolve) => {
        port2.onmessage = ({ data }: MessageEvent<{ type: string; error?: unknown }>) => {
          if (data.type === 'not-planned') resolve(data.error)
        }
      })
      for (const one of messages) sendTo(port2, one)
      sendTo(port2, { type: 'plan' })
      // there is no worker here; and whatever is wrong is told by a code
      expect(await told).toMatchObject({ code: expect.any(String), message: expect.any(String) })
      port2.close()
    },
  ),
)

fuzz(
  'what a frame says of a job to its page',
  1 / 4,
  nothingEscapes(
    fc.array(
      messageOf(
        [
          'taken',
          'planned',
          'not-planned',
          'done',
          'failed',
          'state',
          'progress',
          'warning',
          'open',
          'refresh',
        ],
        {
          plan: any,
          report: any,
          state: any,
          progress: any,
          warning: any,
          error: any,
          ask: number,
          remote: number,
          url,
          name: any,
        },
      ),
      { maxLength: 5 },
    ),
    async (messages) => {
      const { port1, port2 } = new MessageChannel()
      const named = new NamedFiles(PAGE)
      const connection = { named, gone: new AbortController().signal, job: () => port1 }
      const job = new RemoteJob(
        connection as unknown as Connection,
        [NAMED],
        { baseURL: `${PAGE}/` },
        // an app may well give what is relative
        () => Promise.resolve('secret'),
      )
      const planned = job.plan().then(
        () => undefined,
        (error: unknown) => error,
      )
      port2.onmessage = ({ data }: MessageEvent<{ type: string }>) => {
        if (data.type === 'files') sendTo(port2, { type: 'taken' })
        if (data.type !== 'plan') return
        for (const one of messages) sendTo(port2, one)
        sendTo(port2, { type: 'not-planned', error: { message: 'It failed' } })
      }
      const error = await planned
      expect(error === undefined || error instanceof Error).toBe(true)
      await new Promise(setImmediate)
      port2.close()
      // where what is relative begins is not for the frame to say, but for the file that the page has named
      const allowed = messages.some((one) => (Object(one) as { url?: unknown }).url === NAMED)
      if (!allowed) expect(named.has(`${PAGE}/secret`)).toBe(false)
    },
  ),
)
