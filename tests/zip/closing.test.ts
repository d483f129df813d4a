/** What the encoder does with content that nobody wants to the end. */

import { describe, expect, it } from 'vitest'
import { encodeArchive, type Content } from '../../src/zip/encode.ts'
import { noise, plan } from './archive.ts'

const MEBIBYTE = 2 ** 20

/** Content of more pieces than anybody should take, which says whether it was closed. */
class Plenty {
  closed = 0
  taken = 0
  readonly #length: number

  constructor(length: number) {
    this.#length = length
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: async () => {
        this.taken++
        if (this.taken > 500) return { done: true, value: undefined }
        return { done: false, value: new Uint8Array(this.#length) }
      },
      return: async () => {
        this.closed++
        return { done: true, value: undefined }
      },
    }
  }
}

/** `promise`, or `'pending'` if it is not settled soon. */
function soon<T>(promise: Promise<T>): Promise<T | 'pending'> {
  return Promise.race([
    promise,
    new Promise<'pending'>((resolve) => {
      setTimeout(resolve, 200, 'pending')
    }),
  ])
}

const unknown = [{ name: 'a', bytes: noise(0) }]
const framings = ['store', 'deflate-stored'] as const

describe.each(framings)('encodeArchive() with framing %s', (framing) => {
  const settled = plan(unknown, { framing })

  it.each([1, 2, 5])('closes the content when its reader leaves after %d chunks', async (reads) => {
    const content = new Plenty(MEBIBYTE)
    const encoder = encodeArchive(settled, () => content)
    for (let read = 0; read < reads; read++) await encoder.next()
    await encoder.return()
    expect(content.closed).toBe(1)
    expect(await encoder.next()).toEqual({ done: true, value: undefined })
  })

  it('closes the content when its reader throws', async () => {
    for (const reads of [1, 3]) {
      const content = new Plenty(MEBIBYTE)
      const encoder = encodeArchive(settled, () => content)
      for (let read = 0; read < reads; read++) await encoder.next()
      const reason = new Error('no room')
      await expect(encoder.throw(reason)).rejects.toBe(reason)
      expect(content.closed).toBe(1)
    }
  })

  it('closes a stream that was opened and not read', async () => {
    let cancelled = false
    const stream = new ReadableStream<Uint8Array>({
      cancel() {
        cancelled = true
      },
    })
    const encoder = encodeArchive(settled, () => stream as AsyncIterable<Uint8Array>)
    await encoder.next()
    await encoder.return()
    expect(cancelled).toBe(true)
  })

  it('opens nothing for a reader that leaves before the first chunk', async () => {
    let opened = 0
    const encoder = encodeArchive(settled, () => {
      opened++
      return new Plenty(1)
    })
    await encoder.return()
    expect(opened).toBe(0)
  })

  it('closes content that arrives after its reader has left', async () => {
    for (const awaited of [false, true]) {
      const content = new Plenty(MEBIBYTE)
      let arrive: (content: Content) => void = () => undefined
      const encoder = encodeArchive(
        settled,
        () =>
          new Promise<Content>((resolve) => {
            arrive = resolve
          }),
      )
      await encoder.next()
      const pending = awaited ? encoder.next() : undefined
      await new Promise((resolve) => setTimeout(resolve))
      expect(await soon(encoder.return())).toEqual({ done: true, value: undefined })
      if (pending) expect(await soon(pending)).toEqual({ done: true, value: undefined })
      arrive(content)
      await new Promise((resolve) => setTimeout(resolve))
      expect(content).toMatchObject({ closed: 1, taken: 0 })
    }
  })

  it('leaves content that trickles after the piece that it waits for', async () => {
    const content = new Plenty(10)
    const encoder = encodeArchive(settled, () => content)
    await encoder.next()
    const pending = encoder.next()
    const left = encoder.return()
    expect(await soon(pending)).toEqual({ done: true, value: undefined })
    expect(await soon(left)).toEqual({ done: true, value: undefined })
    expect(content.closed).toBe(1)
    expect(content.taken).toBeLessThan(5)
  })

  it('throws what the opening failed with only when that is asked for', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    try {
      const reason = new Error('refused')
      const encoder = encodeArchive(settled, () => Promise.reject(reason))
      await encoder.next()
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(unhandled).toEqual([])
      await expect(encoder.next()).rejects.toBe(reason)
    } finally {
      process.off('unhandledRejection', note)
    }
  })

  it('reads one chunk ahead of its reader at most', async () => {
    const content = new Plenty(MEBIBYTE)
    const encoder = encodeArchive(settled, () => content)
    let given = 0
    for (let reads = 0; reads < 20; reads++) {
      given += (await encoder.next()).value!.length
      expect(content.taken * MEBIBYTE - given).toBeLessThanOrEqual(2 * MEBIBYTE)
    }
    await encoder.return()
  })
})

describe('encodeArchive()', () => {
  it('notices content that goes on too long by one byte, and closes it', async () => {
    for (const framing of framings) {
      for (const length of [1, 8, 100_000]) {
        const content = new Plenty(length)
        const size = length * 3 - 1
        const encoder = encodeArchive(
          plan([{ name: 'a', bytes: noise(0), size }], { framing }),
          () => content,
        )
        const drain = async (): Promise<void> => {
          while (!(await encoder.next()).done);
        }
        await expect(drain()).rejects.toMatchObject({
          code: 'size-mismatch',
          detail: { entry: 'a', planned: size },
        })
        expect(content).toMatchObject({ closed: 1, taken: 3 })
      }
    }
  })

  it('says so when an entry planned as whole comes in chunks, and closes it', async () => {
    const content = new Plenty(1)
    const entries = [{ name: 'a', bytes: noise(0), size: 5, whole: true }]
    const encoder = encodeArchive(plan(entries), () => content)
    await expect(encoder.next()).rejects.toThrow(TypeError)
    expect(content.closed).toBe(1)
  })
})
