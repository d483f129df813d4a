/** What every stream of bytes must do, whatever carries it from its maker to its reader. */

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'

export type Chunks = AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>

export interface Carried {
  readonly stream: ReadableStream<Uint8Array>
  /** Resolves when the carrier has nothing more to do. */
  readonly over: Promise<unknown>
}

export interface CarryOptions {
  readonly transfer: boolean
  /** Called when the reader cancels, with its reason. */
  readonly cancel: (reason: unknown) => void
  readonly signal: AbortSignal
}

export type Carry = (chunks: Chunks, options: CarryOptions) => Carried

export interface Traits {
  /** Bytes that it asks for beyond what was read. */
  readonly window: number
  /** What of an error arrives: that very object, or one that says the same. */
  readonly sameError: boolean
}

const MIB = 2 ** 20

/** `total` bytes in chunks of `length`, each told apart from all others. */
async function* counting(total: number, length: number, given: { chunks: number }): Chunks {
  for (let at = 0; at < total; at += length) {
    const bytes = new Uint8Array(Math.min(length, total - at)).fill(given.chunks)
    new DataView(bytes.buffer).setUint8(0, at / length)
    given.chunks++
    yield bytes
  }
}

async function digest(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}

export function behavesLikeAStream(
  name: string,
  carry: Carry,
  { window, sameError }: Traits,
): void {
  const start = (chunks: Chunks, options: Partial<CarryOptions> = {}): Carried => {
    const { signal } = new AbortController()
    const carried = carry(chunks, { transfer: true, cancel: () => undefined, signal, ...options })
    carried.over.catch(() => undefined)
    return carried
  }

  describe(name, () => {
    it.each([
      [1, 3000],
      [1000, 500_000],
      [MIB + 1, 20 * MIB],
      [window + 5, 3 * window + 7],
      [4 * window, 12 * window],
    ])('carries chunks of %d bytes, %d in all, in order', async (length, total) => {
      for (const transfer of [true, false]) {
        const { stream, over } = start(counting(total, length, { chunks: 0 }), { transfer })
        const carried = await digest(stream)
        expect(carried).toBe(await digest(counting(total, length, { chunks: 0 })))
        await over
      }
    })

    it('ends at once where there is nothing', async () => {
      const { stream, over } = start(counting(0, 1, { chunks: 0 }))
      expect(await stream.getReader().read()).toEqual({ done: true, value: undefined })
      await over
    })

    it('goes on after an empty chunk', async () => {
      const chunks = (async function* () {
        yield new Uint8Array(0)
        yield new Uint8Array([1])
        yield new Uint8Array(0)
      })()
      let length = 0
      for await (const chunk of start(chunks).stream) length += chunk.length
      expect(length).toBe(1)
    })

    it('fails after what was made before the failure', async () => {
      const error = new RangeError('broken')
      const { stream, over } = start(
        (async function* () {
          yield new Uint8Array([1])
          yield new Uint8Array([2])
          throw error
        })(),
      )
      const read: number[] = []
      const failure = (async () => {
        for await (const chunk of stream) read.push(...chunk)
      })()
      await expect(failure).rejects.toThrow('broken')
      if (sameError) await expect(failure).rejects.toBe(error)
      expect(read).toEqual([1, 2])
      await over.catch(() => undefined)
    })

    it('cancels, once, when the reader does', async () => {
      const reasons: unknown[] = []
      let closed = 0
      const chunks = (async function* () {
        try {
          yield* counting(20 * window, window / 5, { chunks: 0 })
        } finally {
          closed++
        }
      })()
      const { stream, over } = start(chunks, { cancel: (reason) => reasons.push(reason) })
      const reader = stream.getReader()
      await reader.read()
      await reader.cancel(new Error('enough'))
      await over.catch(() => undefined)
      expect(reasons).toEqual([expect.objectContaining({ message: 'enough' })])
      expect(closed).toBe(1)
      expect(await reader.read()).toEqual({ done: true, value: undefined })
    })

    it('tells of a cancellation while its maker is waiting', async () => {
      const { promise: told, resolve: tell } = deferred<unknown>()
      const { promise: stuck, resolve: release } = deferred<void>()
      const { promise: waiting, resolve: waits } = deferred<void>()
      const { stream, over } = start(
        (async function* () {
          yield new Uint8Array(1)
          waits()
          await stuck
        })(),
        { cancel: tell },
      )
      const reader = stream.getReader()
      await reader.read()
      const pending = reader.read()
      await waiting
      await reader.cancel(new Error('enough'))
      expect(await told).toMatchObject({ message: 'enough' })
      expect((await pending).done).toBe(true)
      release()
      await over.catch(() => undefined)
    })

    it.each([1000, 64 * 1024, MIB])(
      'asks for no more than a window and a few chunks of %d bytes ahead',
      async (length) => {
        const given = { chunks: 0 }
        const total = 6 * window + 10 * length
        const { stream, over } = start(counting(total, length, given))
        const reader = stream.getReader()
        let read = 0
        for (let turn = 0; turn < 5; turn++) {
          read += (await reader.read()).value!.length
          await settled(given)
          const ahead = given.chunks * length - read
          expect(ahead).toBeLessThanOrEqual(window + 3 * length)
        }
        await reader.cancel(new Error('enough'))
        await over.catch(() => undefined)
        expect(given.chunks * length).toBeLessThan(total)
      },
    )

    it('asks for nothing more while nobody reads', async () => {
      const given = { chunks: 0 }
      const { stream, over } = start(counting(6 * window, 64 * 1024, given))
      await settled(given)
      expect(given.chunks * 64 * 1024).toBeLessThanOrEqual(window + 3 * 64 * 1024)
      await stream.cancel(new Error('enough'))
      await over.catch(() => undefined)
    })

    it('ends by signal while nobody reads', async () => {
      const ending = new AbortController()
      const given = { chunks: 0 }
      let closed = false
      const chunks = (async function* () {
        try {
          yield* counting(6 * window, 64 * 1024, given)
        } finally {
          closed = true
        }
      })()
      const { stream, over } = start(chunks, { signal: ending.signal })
      await settled(given)
      ending.abort(new Error('no more'))
      await over.catch(() => undefined)
      expect(closed).toBe(true)
      await expect(digest(stream)).rejects.toThrow('no more')
    })
  })
}

/** Resolves when `given` has stopped counting for as long as messages take to go there and back. */
async function settled(given: { readonly chunks: number }): Promise<void> {
  for (let quiet = 0, last = given.chunks; quiet < 20; quiet++) {
    await turn()
    if (given.chunks !== last) quiet = 0
    last = given.chunks
  }
}

/** A message to ourselves: what was posted before has arrived. */
function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port2.onmessage = () => {
      port1.close()
      resolve()
    }
    port1.postMessage(0)
  })
}

export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
