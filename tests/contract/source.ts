/** What every source of an entry's bytes must do, whatever it reads from. */

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { noise } from '../zip/archive.ts'

export interface Source {
  /** The bytes from `position` on. */
  open(position: number, signal: AbortSignal): AsyncIterable<Uint8Array>
}

export interface Hanging extends Source {
  /** Resolves when what it reads from has been let go. */
  readonly closed: Promise<unknown>
}

export interface Make {
  /** A source of `bytes`. */
  readonly of: (bytes: Uint8Array<ArrayBuffer>) => Source | Promise<Source>
  /** A source of `first`, and then of nothing more, without an end; where there can be such. */
  readonly hanging?: (first: Uint8Array<ArrayBuffer>) => Hanging | Promise<Hanging>
  /** A source of `first` that fails then, saying why; where there can be such. */
  readonly failing?: (first: Uint8Array<ArrayBuffer>, why: string) => Source | Promise<Source>
  /** Whether it can be read from another position than its start. */
  readonly seeks: boolean
  /** Whether its bytes are at hand, so that there is nothing to end. */
  readonly atHand?: boolean
  /** What errors of it must name; all others are the platform's. */
  readonly names?: readonly RegExp[]
}

async function digest(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) {
    expect(chunk).toBeInstanceOf(Uint8Array)
    hash.update(chunk)
  }
  return hash.digest('hex')
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export function behavesLikeASource(name: string, make: Make): void {
  const { of, hanging, failing, seeks, atHand = false, names = [] } = make
  const never = new AbortController().signal

  describe(name, () => {
    it.each([0, 1, 1000, 65_536, 3_000_001])('gives all of %d bytes', async (length) => {
      const bytes = noise(length)
      const source = await of(bytes.slice())
      expect(await digest(source.open(0, never))).toBe(sha256(bytes))
    })

    if (seeks)
      it.each([1, 999, 100_000, 299_999, 300_000])(
        'gives what there is from byte %d of 300,000 on',
        async (position) => {
          const bytes = noise(300_000)
          const source = await of(bytes.slice())
          expect(await digest(source.open(position, never))).toBe(sha256(bytes.subarray(position)))
        },
      )

    if (seeks)
      it('gives the same again', async () => {
        const source = await of(noise(100_000))
        expect(await digest(source.open(0, never))).toBe(await digest(source.open(0, never)))
      })

    if (!atHand)
      it('gives nothing when its signal was aborted before', async () => {
        const source = await of(noise(100))
        const reason = new Error('too late')
        await expect(digest(source.open(0, AbortSignal.abort(reason)))).rejects.toBe(reason)
      })

    if (hanging)
      it('lets go of what it reads when its reader leaves early', async () => {
        const source = await hanging!(noise(1000))
        for await (const chunk of source.open(0, never)) {
          expect(chunk.length).toBeGreaterThan(0)
          break
        }
        await source.closed
      })

    if (hanging)
      it('ends a read that is under way when its signal aborts', async () => {
        const source = await hanging!(noise(1000))
        const ending = new AbortController()
        const chunks = source.open(0, ending.signal)[Symbol.asyncIterator]()
        let read = 0
        while (read < 1000) {
          const { done, value } = await chunks.next()
          if (done === true) expect.fail('it ended')
          read += value.length
        }
        const pending = chunks.next()
        const reason = new Error('no more')
        setImmediate(() => ending.abort(reason))
        await expect(pending).rejects.toBe(reason)
        await source.closed
        expect(await chunks.next()).toEqual({ done: true, value: undefined })
      })

    if (failing)
      it('fails after what was given before the failure', async () => {
        const bytes = noise(1000)
        const source = await failing!(bytes, 'the cable was cut')
        const read: number[] = []
        const failure = (async () => {
          for await (const chunk of source.open(0, never)) read.push(...chunk)
        })()
        const error = await failure.then(
          () => expect.fail('it ended as if nothing were wrong'),
          (reason: unknown) => reason,
        )
        expect(error).toBeInstanceOf(Error)
        expect(read).toEqual([...bytes])
        for (const pattern of names) expect((error as Error).message).toMatch(pattern)
        if (names.length > 0) expect(error).toMatchObject({ code: 'source-failed' })
      })
  })
}
