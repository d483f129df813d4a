/** Reading at any place gives the bytes of that place, in few reads. */

import { describe, expect, it, vi } from 'vitest'
import { openBundle } from '../../src/bundle/import-archive.ts'
import { limitsOf } from '../../src/bundle/import-limits.ts'
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

describe('a ZIP whose directory leads to and fro in it', () => {
  const MEBIBYTE = 2 ** 20

  /** A directory of `count` records behind 10 MiB, for headers in another one of these each; it is said to be elsewhere. */
  function hostile(count: number): File {
    const directory = Buffer.alloc(46 * count)
    for (let index = 0; index < count; index++) {
      directory.write('PK\x01\x02', 46 * index, 'latin1')
      directory.writeUInt32LE((index % 10) * MEBIBYTE + 1000, 46 * index + 42)
    }
    const end = Buffer.alloc(22)
    end.write('PK\x05\x06', 'latin1')
    end.writeUInt16LE(count, 8)
    end.writeUInt16LE(count, 10)
    end.writeUInt32LE(directory.length, 12)
    end.writeUInt32LE(10 * MEBIBYTE - 8, 16)
    return new File([new Uint8Array(10 * MEBIBYTE), directory, end], 'hostile.zip')
  }

  /** Opens it. Returns how much was read. */
  async function readOf(file: File, ending: AbortController, stopAt = Infinity): Promise<number> {
    const slice = file.slice.bind(file)
    let bytes = 0
    file.slice = (start = 0, end = 0) => {
      bytes += end - start
      if (bytes > stopAt) ending.abort(new Error('enough'))
      return slice(start, end)
    }
    const opened = openBundle(file, file.name, limitsOf(), ending.signal)
    await expect(opened).rejects.toMatchObject({ code: 'invalid-bundle' })
    return bytes
  }

  it('is not read many times', async () => {
    const read = await readOf(hostile(300), new AbortController())
    expect(read / MEBIBYTE).toBeLessThan(4 * 10 + 64 + 5)
  })

  it('is read no further when that is ended', async () => {
    const read = await readOf(hostile(300), new AbortController(), 20 * MEBIBYTE)
    expect(read / MEBIBYTE).toBeLessThan(25)
  })
})
