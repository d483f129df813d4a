import { describe, expect, it } from 'vitest'
import { CheckpointLog, type CheckpointDelta } from '../../src/zip/checkpoint-log.ts'
import { encodeArchive } from '../../src/zip/encode.ts'
import { encode, noise, opener, plan, type Entry } from './archive.ts'

const ENTRIES: Entry[] = Array.from({ length: 60 }, (_, index) => {
  const length = [10, 300_000, 1_200_000][index % 3]!
  const known = index % 4 > 0
  const bytes = noise(length, index + 1)
  return { name: `${index}`, bytes, ...(known && { size: length }), whole: known && length < 1e5 }
})

/** The archive, and what was told with each chunk. */
async function told(): Promise<{ bytes: Buffer; deltas: CheckpointDelta[] }> {
  const chunks: Uint8Array[] = []
  const deltas: CheckpointDelta[] = []
  const encoder = encodeArchive(plan(ENTRIES), opener(ENTRIES, 100_000))
  for await (const chunk of encoder) {
    chunks.push(chunk.slice())
    deltas.push(encoder.checkpointSince(deltas.at(-1)?.entry ?? 0))
  }
  return { bytes: Buffer.concat(chunks), deltas }
}

describe('a log of checkpoints', () => {
  it('leads to the same bytes from whatever byte they are asked for', async () => {
    const { bytes, deltas } = await told()
    const settled = plan(ENTRIES)
    let tried: number | undefined
    const log = new CheckpointLog()
    for (const delta of deltas) log.add(structuredClone(delta))
    expect(log.offset).toBe(bytes.length)
    for (let at = 0; at <= bytes.length; at += 777_777) {
      const from = log.before(at, settled.fingerprint)
      expect(from?.offset ?? 0).toBeLessThanOrEqual(at)
      expect(at - (from?.offset ?? 0)).toBeLessThan(6 * 1024 * 1024)
      if (from?.offset === tried) continue // the same place leads to the same bytes
      tried = from?.offset
      const rest = await encode(settled, opener(ENTRIES, 65_536), from)
      expect(rest.bytes.equals(bytes.subarray(from?.offset ?? 0))).toBe(true)
    }
  })

  it('gives the last one for what comes after it', async () => {
    const { deltas } = await told()
    const log = new CheckpointLog()
    expect(log.before(Infinity, 'plan')).toBeUndefined()
    for (const delta of deltas) {
      log.add(delta)
      expect(log.before(delta.offset, 'plan')).toMatchObject({
        plan: 'plan',
        offset: delta.offset,
        entry: delta.entry,
        position: delta.position,
      })
    }
  })

  it('is told of each entry once', async () => {
    const { deltas } = await told()
    expect(deltas.reduce((sum, { crcs }) => sum + crcs.length, 0)).toBe(ENTRIES.length)
    expect(Math.max(...deltas.map(({ crcs }) => crcs.length))).toBeLessThan(ENTRIES.length / 2)
  })

  it('comes in parts, that make the same log, each with what is new', async () => {
    const { deltas } = await told()
    const log = new CheckpointLog()
    const parts = deltas.flatMap((delta, index) => {
      log.add(delta)
      return index % 7 === 0 ? (log.takePart() ?? []) : []
    })
    parts.push(...[log.takePart() ?? []].flat())
    expect(log.takePart()).toBeUndefined()
    expect(parts.reduce((sum, { crcs }) => sum + crcs.length, 0)).toBe(ENTRIES.length)

    const again = new CheckpointLog()
    for (const part of structuredClone(parts)) again.addPart(part)
    expect(again.takePart(), 'what was a part need not be one again').toBeUndefined()
    for (let at = 0; at <= log.offset; at += 1_234_567) {
      const [found, wanted] = [again.before(at, 'plan'), log.before(at, 'plan')]
      expect(found?.offset ?? 0).toBeGreaterThanOrEqual(wanted?.offset ?? 0)
      expect(found?.offset ?? 0).toBeLessThanOrEqual(at)
    }
    expect(again.before(Infinity, 'plan')).toEqual(log.before(Infinity, 'plan'))
  })

  it('ends where a part is missing that told of entries', async () => {
    const { deltas } = await told()
    const log = new CheckpointLog()
    const parts = deltas.map((delta) => {
      log.add(delta)
      return log.takePart()!
    })
    const lost = parts.findIndex(({ crcs }) => crcs.length > 0)
    const again = new CheckpointLog()
    for (const part of parts.toSpliced(lost, 1)) again.addPart(part)
    expect(again.offset).toBe(lost === 0 ? 0 : deltas[lost - 1]!.offset)
  })

  it('takes none that does not follow on what it knows', async () => {
    const { deltas } = await told()
    const log = new CheckpointLog()
    const lost = deltas.findIndex(({ crcs }) => crcs.length > 0)
    for (const delta of deltas.toSpliced(lost, 1)) log.add(delta)
    expect(log.offset).toBe(lost === 0 ? 0 : deltas[lost - 1]!.offset)
  })

  it('learns nothing from what is made again', async () => {
    const { deltas } = await told()
    const log = new CheckpointLog()
    for (const delta of deltas) log.add(delta)
    const whole = log.before(Infinity, 'plan')
    log.takePart()
    for (const delta of deltas.slice(3)) log.add({ ...delta, crcs: delta.crcs.map(() => 1) })
    expect(log.before(Infinity, 'plan')).toEqual(whole)
    expect(log.takePart()).toBeUndefined()
  })

  it('keeps what is missing, and what sources say of themselves', async () => {
    const settled = plan(ENTRIES, { onError: 'skip' })
    const open = opener(ENTRIES, 100_000)
    const log = new CheckpointLog()
    const encoder = encodeArchive(
      settled,
      (index, position) =>
        index % 5 === 0 ? { missing: `gone ${index}` } : open(index, position, true),
      undefined,
      { sourceOf: (index) => ({ etag: `"${index}"` }) },
    )
    let since = 0
    for await (const _ of encoder) {
      const delta = encoder.checkpointSince(since)
      since = delta.entry
      log.add(delta)
      expect(log.before(encoder.offset, settled.fingerprint)).toEqual(encoder.checkpoint())
    }
    expect(log.before(Infinity, settled.fingerprint)!.omissions).toHaveLength(12)
  })
})
