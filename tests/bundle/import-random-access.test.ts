/** Reading at any place gives the bytes of that place, in few reads. */

import { expect, it, vi } from 'vitest'
import { RandomAccess } from '../../src/bundle/import-random-access.ts'
import { noise } from '../zip/archive.ts'

const BLOCK = 2 ** 20
const bytes = noise(3 * BLOCK + 1000)
const blob = new Blob([bytes])
const anything = (): void => undefined

it.each([
  ['a piece', 10, 100],
  ['a whole block', BLOCK, BLOCK],
  ['over the edge of two', BLOCK - 10, 100],
  ['up to an edge', BLOCK - 100, 100],
  ['more than a block', 5, 2 * BLOCK],
  ['the end', 3 * BLOCK + 900, 100],
  ['beyond the end', 3 * BLOCK + 900, 200],
  ['nothing', 7, 0],
])('reads %s', async (_, offset, size) => {
  const access = new RandomAccess(blob, anything)
  const expected = Buffer.from(bytes.slice(offset, offset + size))
  expect(Buffer.from(await access.readUint8Array(offset, size)).equals(expected)).toBe(true)
  const streamed = await new Response(access.createReadable({ offset, size })).arrayBuffer()
  expect(Buffer.from(streamed).equals(expected)).toBe(true)
})

it('gives bytes that nobody else writes to', async () => {
  const access = new RandomAccess(blob, anything)
  const first = await access.readUint8Array(0, 10)
  first.fill(0)
  expect([...(await access.readUint8Array(0, 10))]).toEqual([...bytes.slice(0, 10)])
})

it('reads what stands together once, and keeps no more than some of it', async () => {
  const slice = vi.spyOn(blob, 'slice')
  const access = new RandomAccess(blob, anything)
  await Promise.all(Array.from({ length: 100 }, (_, at) => access.readUint8Array(at * 1000, 1000)))
  expect(slice).toHaveBeenCalledOnce()
  const large = new Blob(Array.from({ length: 12 }, () => new Uint8Array(BLOCK)))
  const reads = vi.spyOn(large, 'slice')
  const scattered = new RandomAccess(large, anything)
  for (let at = 0; at < 12; at++) await scattered.readUint8Array(at * BLOCK, 1)
  for (let at = 4; at < 12; at++) await scattered.readUint8Array(at * BLOCK, 1)
  expect(reads).toHaveBeenCalledTimes(12)
  await scattered.readUint8Array(0, 1)
  expect(reads).toHaveBeenCalledTimes(13)
})

it('reads no more in one piece than it may', async () => {
  const access = new RandomAccess(blob, (size) => {
    if (size > 100) throw new RangeError(`${size}`)
  })
  await access.readUint8Array(0, 100)
  await expect(access.readUint8Array(0, 101)).rejects.toThrow('101')
})
