/** A file that is another one when it is gone on with is an error, whatever it is that tells. */

import { afterEach, describe, expect, it } from 'vitest'
import { crc32 } from '../../src/zip/crc32.ts'
import { BYTES, DATE, OTHER, pack, serverOf, STRONG } from './pack.ts'
import type { Served } from './server/faults.ts'
import type { ChaosServer } from './server/server.ts'

let server: ChaosServer
afterEach(() => server[Symbol.asyncDispose]())

const LATER = 'Tue, 05 Mar 2024 10:00:01 GMT'

async function refusal(before: Served, to: Served, given = {}): Promise<unknown> {
  server = await serverOf(before, [
    { kind: 'reset', at: 200_000 },
    ...Array.from({ length: 4 }, () => ({ kind: 'change', to }) as const),
  ])
  return pack(server, given).then(
    () => expect.fail('it was accepted'),
    (error: unknown) => error,
  )
}

const SHORT = OTHER.subarray(0, 1000)

describe('a file is refused when it has changed:', () => {
  it.each<[string, Served, Served]>([
    ['its entity tag', { bytes: BYTES, etag: STRONG }, { bytes: BYTES, etag: '"2"' }],
    [
      'its entity tag, though the server does not look at If-Range',
      { bytes: BYTES, etag: STRONG },
      { bytes: OTHER, etag: '"2"', heedless: true },
    ],
    ['its date', { bytes: BYTES, lastModified: DATE }, { bytes: BYTES, lastModified: LATER }],
    ['its length', { bytes: BYTES }, { bytes: Buffer.concat([BYTES, BYTES]) }],
    ['its length, by 416', { bytes: BYTES, etag: STRONG }, { bytes: SHORT, etag: STRONG }],
    ['its bytes alone', { bytes: BYTES }, { bytes: OTHER }],
    ['its bytes, no range', { bytes: BYTES, ranges: false }, { bytes: OTHER, ranges: false }],
    ['its end, unannounced', { bytes: BYTES, chunked: true }, { bytes: SHORT, chunked: true }],
  ])('%s', async (_, before, after) => {
    expect(await refusal(before, after)).toMatchObject({
      name: 'HoldallError',
      code: 'source-changed',
      detail: { entry: 'a.bin', url: `${server.origin}/a` },
    })
  })

  it('its end, where its size is known', async () => {
    const before = { bytes: BYTES, chunked: true }
    const error = await refusal(before, { ...before, bytes: SHORT }, { size: BYTES.length })
    expect(error).toMatchObject({ code: 'source-changed' })
  })

  it('its length, by 416, where none was told', async () => {
    const before = { bytes: BYTES, etag: STRONG, chunked: true }
    const error = await refusal(before, { ...before, bytes: SHORT })
    expect(error).toMatchObject({ code: 'source-changed' })
    expect(server.asked).toHaveLength(2)
  })

  it('its CRC-32, where that is what tells', async () => {
    const error = await refusal({ bytes: BYTES }, { bytes: OTHER }, { crc32: crc32(BYTES) })
    expect(error).toMatchObject({ code: 'crc-mismatch', detail: { planned: crc32(BYTES) } })
  })
})
