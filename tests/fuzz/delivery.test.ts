/** A page's end of an archive's control port, against a service worker that says anything. */

import fc from 'fast-check'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import type { PageMessage } from '../../src/port/delivery.ts'
import { download } from '../../src/sinks/download.ts'
import { stubPage } from '../sinks/stub-page.ts'
import { any, nothingEscapes, sendTo } from './escapes.ts'
import { fuzz } from './fuzz.ts'

/** Stands for a port, of which there is a new one for each message. */
const A_PORT = 'a port'

const URL_OF_ARCHIVE = 'https://app.test/holdall/archive.zip'

beforeAll(stubPage)
afterAll(() => vi.unstubAllGlobals())

const run = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(0, 1) }, { weight: 1, arbitrary: any })
const message = fc.oneof(
  { weight: 1, arbitrary: any },
  {
    weight: 4,
    arbitrary: fc.record(
      {
        type: fc.constantFrom(
          'registered',
          'open',
          'delivered',
          'stalled',
          'taken-over',
          'refresh',
          'progress',
          'cancelled',
          'failed',
          'other',
          7,
        ),
        run,
        url: fc.oneof(fc.constant(URL_OF_ARCHIVE), any),
        port: fc.oneof(fc.constant(A_PORT), any),
        lock: any,
        bytes: any,
        summary: any,
        stalls: any,
        number: any,
        file: any,
        progress: any,
        error: fc.oneof(any, fc.record({ code: any, message: any, detail: any })),
      },
      { requiredKeys: ['type'] },
    ),
  },
)

fuzz(
  'what a service worker says to the page of an archive',
  1 / 4,
  nothingEscapes(fc.array(message, { maxLength: 6 }), async (messages) => {
    const ending = new AbortController()
    let register: (control: MessagePort) => void
    const registered = new Promise<MessagePort>((resolve) => (register = resolve))
    const worker = {
      state: 'activated',
      addEventListener: () => undefined,
      postMessage: (sent: PageMessage) => {
        if (sent.type === 'holdall:register') register(sent.control)
      },
    }
    const ended = download(worker as unknown as ServiceWorker, {
      name: 'a.zip',
      successor: () => Promise.reject(new Error('there is none')),
      arm: () => undefined,
      open: ({ port }) => Promise.resolve(port.close()),
      changed: () => undefined,
      onPause: () => undefined,
      refreshUrl: () => Promise.resolve(undefined),
      signal: ending.signal,
    }).catch((error: unknown) => error)
    const control = await registered
    for (const one of messages) {
      const { port1 } = new MessageChannel()
      const opens = portOf(one) === A_PORT
      if (opens) sendTo(control, { ...(one as object), port: port1 }, [port1])
      else sendTo(control, one)
    }
    await new Promise(setImmediate)
    ending.abort(new Error('It was cancelled'))
    const outcome = await ended
    control.close()
    // only what was registered, opened and delivered, one after the other, is done
    const places = [
      messages.findIndex((one) => isMessage(one, 'registered')),
      messages.findIndex((one) => isMessage(one, 'open') && portOf(one) === A_PORT),
      messages.findLastIndex((one) => isMessage(one, 'delivered') && runOf(one) === 0),
    ] as const
    const mayBeDone = places[0] >= 0 && places[1] >= 0 && places[2] > Math.max(places[0], places[1])
    expect(mayBeDone || outcome instanceof Error).toBe(true)
  }),
)

function isMessage(value: unknown, type: string): boolean {
  return (Object(value) as { type?: unknown }).type === type
}

function portOf(value: unknown): unknown {
  return (Object(value) as { port?: unknown }).port
}

function runOf(value: unknown): unknown {
  return (Object(value) as { run?: unknown }).run
}
