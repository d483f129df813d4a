/** Checkpoints that were damaged on their way: refused, or gone on from without harm. */

import fc from 'fast-check'
import { expect } from 'vitest'
import { isHoldallError } from '../../src/errors.ts'
import type { Checkpoint } from '../../src/zip/checkpoint.ts'
import { CheckpointLog, type CheckpointPart } from '../../src/zip/checkpoint-log.ts'
import { encodeArchive } from '../../src/zip/encode.ts'
import { planArchive, type ArchivePlan } from '../../src/zip/plan.ts'
import { fuzz } from './fuzz.ts'

const CONTENTS = ['', 'text', 'x'.repeat(70_000), 'more']
const open = (index: number): Iterable<Uint8Array<ArrayBuffer>> => [
  new TextEncoder().encode(CONTENTS[index]),
]

const plans: readonly ArchivePlan[] = [
  planArchive(
    CONTENTS.map((content, index) => ({ name: `${index}`, size: content.length })),
    { now: 0 },
  ),
  planArchive(
    CONTENTS.map((_, index) => ({ name: `${index}` })),
    { now: 0 },
  ),
]

/** All that could be gone on from. */
async function checkpointsOf(plan: ArchivePlan): Promise<Checkpoint[]> {
  const all: Checkpoint[] = []
  const encoder = encodeArchive(plan, open)
  for await (const _ of encoder) all.push(structuredClone(encoder.checkpoint()))
  return all
}
const known = await Promise.all(plans.map(checkpointsOf))

const FIELDS = [
  'version',
  'plan',
  'offset',
  'entry',
  'position',
  'crc32',
  'crcs',
  'sizes',
  'omissions',
  'source',
]
const value = fc.oneof(
  fc.anything({ withTypedArray: true, withBigInt: true }),
  fc.integer(),
  fc.nat(100_000),
  fc.constantFrom<unknown>(NaN, -0, 2 ** 53, new Uint32Array(9), new Float64Array(9), [null], [{}]),
)

/** Reads what comes, and gives up where more comes than there can be. */
async function goOn(plan: ArchivePlan, from: unknown): Promise<void> {
  let length = 0
  try {
    for await (const chunk of encodeArchive(plan, open, from as Checkpoint)) {
      length += chunk.length
      expect(length).toBeLessThan(1_000_000)
    }
  } catch (error) {
    if (!isHoldallError(error)) throw error
    expect(error.message).toMatch(/^Cannot /)
  }
}

const which = fc.nat(plans.length - 1)

/** What each log of the known checkpoints would store. */
const parts: readonly CheckpointPart[] = plans.map((_, index) => {
  const log = new CheckpointLog()
  for (const checkpoint of known[index]!) log.add({ ...checkpoint, since: 0 })
  return log.takePart()!
})
const PART_FIELDS = ['since', 'crcs', 'sizes', 'omissions', 'places']

fuzz(
  'checkpoints as they are stored, damaged',
  1 / 4,
  fc.asyncProperty(
    which,
    fc.nat(1_000_000),
    fc.dictionary(fc.constantFrom(...PART_FIELDS), value, { maxKeys: 2, noNullPrototype: true }),
    fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 2, noNullPrototype: true }),
    async (plan, offset, fields, last) => {
      const log = new CheckpointLog()
      const { places, ...part } = parts[plan]!
      const stored = { ...part, places: [...places, { ...places.at(-1), ...last }], ...fields }
      log.addPart(stored as unknown as CheckpointPart)
      const from = log.before(offset, plans[plan]!.fingerprint)
      if (from !== undefined) await goOn(plans[plan]!, from)
    },
  ),
)

fuzz(
  'a checkpoint with other fields',
  1 / 4,
  fc.asyncProperty(
    which,
    fc.nat(),
    fc.dictionary(fc.constantFrom(...FIELDS), value, {
      minKeys: 1,
      maxKeys: 3,
      noNullPrototype: true,
    }),
    async (plan, place, fields) => {
      const all = known[plan]!
      await goOn(plans[plan]!, { ...all[place % all.length], ...fields })
    },
  ),
)

fuzz(
  'anything in place of a checkpoint',
  1 / 4,
  fc.asyncProperty(which, value, async (plan, given) => {
    if (given !== undefined) await goOn(plans[plan]!, given)
  }),
)

fuzz(
  'a checkpoint of another plan',
  1 / 4,
  fc.asyncProperty(fc.nat(), async (place) => {
    const foreign = known[1]![place % known[1]!.length]!
    const going = encodeArchive.bind(undefined, plans[0]!, open, foreign)
    expect(going).toThrow(expect.objectContaining({ code: 'invalid-checkpoint' }))
  }),
)
