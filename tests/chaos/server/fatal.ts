/** What a job cannot get over, and the only ways in which it may then fail. */

import type { Fault, Served } from './faults.ts'
import type { FilePlan } from './plan.ts'
import type { Random } from './random.ts'

/** An error that is right. */
export interface Failure {
  readonly code: 'source-changed' | 'source-failed' | 'size-mismatch' | 'crc-mismatch'
  /** The name of the file that it must be about. */
  readonly entry: string
  /** The status that it must tell; `undefined` if there is none. */
  readonly status?: number
}

interface Spoilt {
  readonly failures: readonly Failure[]
  readonly orElse?: Served
}

/** Spoils `file` for good, in a way that suits it. */
export function fatal(random: Random, file: FilePlan): Spoilt {
  if (file.served.bytes.length < 10) file.served = { ...file.served, bytes: random.bytes(10) }
  file.given = {
    ...file.given,
    ...(file.given.size !== undefined && { size: file.served.bytes.length }),
  }
  delete file.given.crc32
  file.faults = file.faults.filter(isSure)
  const { name: entry, served, given } = file
  const failed = (status?: number): Spoilt => ({
    failures: [{ code: 'source-failed', entry, ...(status !== undefined && { status }) }],
  })
  const mismatch: Spoilt = { failures: [{ code: 'size-mismatch', entry }] }
  const ways: (() => Spoilt)[] = [
    () => {
      const status = random.of([400, 404, 410, 501, 406])
      file.always = { kind: 'status', status }
      return failed(status)
    },
    () => {
      const status = random.of([401, 403])
      file.always = { kind: 'status', status }
      return failed(status)
    },
    () => {
      const status = random.of([429, 500, 503])
      file.always = { kind: 'status', status, retryAfter: '0' }
      return failed(status)
    },
    () => {
      file.always = { kind: 'reset' }
      return failed()
    },
    () => {
      file.name = file.name.replace(/\.\w+$/, '.jpg')
      file.always = { kind: 'page' }
      return { failures: [{ code: 'source-failed', entry: file.name, status: 200 }] }
    },
    () => change(random, file),
    () => change(random, file),
    () => change(random, file),
    () => {
      file.given = { ...given, size: served.bytes.length + random.of([-1, 1, 1000]) }
      return mismatch
    },
    () => {
      if (served.gzip || served.chunked) return failedCrc(file)
      file.given = { ...given, size: served.bytes.length }
      file.faults = [{ kind: 'length', by: random.of([1, 1000]) }]
      return mismatch
    },
    () => failedCrc(file),
    () => {
      file.served = { ...served, etag: '"mine"' }
      file.given = { ...given, etag: '"yours"' }
      return { failures: [{ code: 'source-changed', entry }] }
    },
  ]
  return random.of(ways)()
}

function failedCrc(file: FilePlan): Spoilt {
  file.given = { ...file.given, crc32: 0x1234_5678 }
  return { failures: [{ code: 'crc-mismatch', entry: file.name }] }
}

/**
 * The file is another one after its first part. Had nothing of that part arrived, then nothing was
 * mixed: the other one is right as a whole, unless its size or its CRC-32 was promised.
 */
function change(random: Random, file: FilePlan): Spoilt {
  const { name: entry, served, given } = file
  const length = Math.max(10, served.bytes.length)
  const before = { ...served, bytes: random.bytes(length) }
  const after = { ...before, bytes: random.bytes(length) }
  const how = random.of(['tag', 'date', 'length', 'bytes'] as const)
  if (how === 'tag') {
    before.etag = '"before"'
    after.etag = '"after"'
  } else {
    before.etag = after.etag = undefined
  }
  before.lastModified = after.lastModified = undefined
  if (how === 'date') {
    before.lastModified = 'Tue, 05 Mar 2024 10:00:00 GMT'
    after.lastModified = 'Tue, 05 Mar 2024 10:00:05 GMT'
  }
  if (how === 'length') after.bytes = random.bytes(Math.ceil(length / random.of([0.5, 2, 20])))
  file.served = before
  file.given = given.size === undefined ? {} : { size: length }
  const at = random.int(Math.ceil(length / 4), length - 1)
  file.faults = [...file.faults.filter(bringsNothing).slice(0, 1), { kind: 'reset', at }]
  file.always = { kind: 'change', to: after }
  return {
    failures: [
      { code: 'source-changed', entry },
      ...(after.bytes.length === length ? [] : [{ code: 'size-mismatch' as const, entry }]),
    ],
    orElse: after,
  }
}

/** Whether it brings no byte. */
const bringsNothing = (fault: Fault): boolean =>
  (fault.kind === 'reset' && fault.at === undefined) || fault.kind === 'status'

/** Whether the file is not whole after it, for sure. */
const isSure = (fault: Fault): boolean =>
  ['reset', 'stall', 'end', 'status', 'redirect'].includes(fault.kind)
