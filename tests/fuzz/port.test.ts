/** Both ends of a port that carries bytes, against an other end that says anything. */

import fc from 'fast-check'
import { expect } from 'vitest'
import { pumpToPort } from '../../src/port/pump.ts'
import { readableFromPort } from '../../src/port/readable.ts'
import { any, canBeSent, nothingEscapes, sendTo } from './escapes.ts'
import { fuzz } from './fuzz.ts'

const bytes = fc.uint8Array({ maxLength: 50 })
const wireError = fc.oneof(
  any,
  fc.record({ code: any, message: any, detail: any }, { requiredKeys: [] }),
)

const fromWriter = fc.oneof(
  { weight: 1, arbitrary: any },
  { weight: 3, arbitrary: bytes.map((chunk) => ({ type: 'chunk', bytes: chunk })) },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        type: fc.constantFrom('chunk', 'alive', 'error', 'other', 7),
        bytes: any,
        mark: any,
        error: wireError,
      },
      { requiredKeys: ['type'] },
    ),
  },
)

fuzz(
  'what a writer says to the reading end of a port',
  1 / 4,
  nothingEscapes(fc.array(fromWriter, { maxLength: 6 }), async (messages) => {
    const { port1, port2 } = new MessageChannel()
    const expected: number[] = []
    const stream = readableFromPort(port2)
    let good = true
    for (const message of messages) {
      if (!sendTo(port1, message)) continue
      const { type, bytes: chunk } = Object(message) as { type?: unknown; bytes?: unknown }
      good &&= type === 'alive' || (type === 'chunk' && chunk instanceof Uint8Array)
      if (good && type === 'chunk') expected.push(...(chunk as Uint8Array))
    }
    sendTo(port1, { type: 'end' })
    const read: number[] = []
    let error: unknown
    try {
      for await (const chunk of stream) read.push(...chunk)
    } catch (caught) {
      error = caught
    }
    port1.close()
    // bytes are right, or it is seen that they are not all there
    if (good) expect([error, read]).toEqual([undefined, expected])
    else expect(error).toBeInstanceOf(Error)
  }),
)

const buffer = bytes.map((chunk) => Uint8Array.from(chunk).buffer)

const fromReader = fc.oneof(
  { weight: 1, arbitrary: any },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        type: fc.constant('pull'),
        bytes: fc.oneof(fc.nat(), any),
        spent: fc.oneof(any, fc.array(fc.oneof(buffer, any), { maxLength: 3 })),
      },
      { requiredKeys: ['type', 'bytes'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      { type: fc.constantFrom('pull', 'cancel', 'other', 7), error: wireError },
      { requiredKeys: ['type'] },
    ),
  },
)

fuzz(
  'what a reader says to the writing end of a port',
  1 / 4,
  nothingEscapes(
    fc.tuple(fc.array(fromReader, { maxLength: 6 }), fc.array(bytes, { maxLength: 4 })),
    async ([messages, chunks]) => {
      const { port1, port2 } = new MessageChannel()
      const heard: { type: string; bytes?: Uint8Array }[] = []
      port2.onmessage = ({ data }: MessageEvent<(typeof heard)[number]>) => void heard.push(data)
      const back: unknown[] = []
      const spent = (given: ArrayBuffer): void => void back.push(given)
      const pumped = pumpToPort(eachOf(chunks), port1, { spent }).catch((error: unknown) => error)
      for (const message of messages) sendTo(port2, message)
      sendTo(port2, { type: 'pull', bytes: 1000 })
      const error = await pumped
      await new Promise(setImmediate)
      port2.close()
      const sent = heard.flatMap((message) => [...(message.bytes ?? [])])
      expect(back.every((given) => given instanceof ArrayBuffer)).toBe(true)
      const isPull = ({ type, bytes: asked, spent: given = [] }: Pull): boolean =>
        type === 'pull' &&
        Number.isFinite(asked) &&
        (asked as number) > 0 &&
        (given === null || isListOfBuffers(given))
      const said = messages.filter(canBeSent).map((message) => Object(message) as Pull)
      const odd = said.find((message) => !isPull(message))
      if (odd === undefined) {
        expect(error).toBeUndefined()
        expect(sent).toEqual(chunks.flatMap((chunk) => [...chunk]))
        expect(heard.at(-1)).toEqual({ type: 'end' })
      } else if (error !== undefined) {
        // the reader's own reason, whatever that is, or ours; unless all was sent before it came
        expect(error).toBeInstanceOf(Error)
        if (odd.type !== 'cancel') expect(error).toMatchObject({ code: 'worker-failed' })
      }
    },
  ),
)

interface Pull {
  readonly type?: unknown
  readonly bytes?: unknown
  readonly spent?: unknown
}

function isListOfBuffers(value: unknown): boolean {
  return Array.isArray(value) && [...value].every((item) => item instanceof ArrayBuffer)
}

async function* eachOf(
  chunks: readonly Uint8Array[],
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  for (const chunk of chunks) yield Uint8Array.from(chunk)
}
