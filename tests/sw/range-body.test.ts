/** The body of a range: the bytes of that part, and who learns of what was made on the way. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { prepareJob, runJob, type RefreshUrl } from '../../src/engine/job.ts'
import { toStored, type StoredJob } from '../../src/engine/stored-job.ts'
import type { HoldallError } from '../../src/errors.ts'
import { RangeBody } from '../../src/sw/range-body.ts'
import { CheckpointLog, type CheckpointPart } from '../../src/zip/checkpoint-log.ts'
import { noise } from '../zip/archive.ts'

const noted = vi.hoisted(() => [] as unknown[])
vi.mock('../../src/engine/store.ts', () => ({
  storeCheckpoints: async (id: string, part: CheckpointPart) => void noted.push([id, part]),
}))
vi.mock('../../src/sw/liveness.ts', () => ({
  keepAlive: () => () => undefined,
  hold: async () => undefined,
}))

const { signal } = new AbortController()
let refreshUrl: RefreshUrl
let stored: StoredJob
let whole: Buffer

beforeEach(async () => {
  vi.stubGlobal('navigator', {})
  noted.length = 0
  refreshUrl = () => undefined
  const data = new Blob([noise(6 * 1024 * 1024, 1)])
  const files = [1, 2, 3].map((name) => ({ name: `${name}`, data, lastModified: 1e12 }))
  const job = await prepareJob(files, {}, signal)
  stored = toStored(job, 'id', 'a.zip')
  const chunks: Uint8Array[] = []
  for await (const chunk of runJob(job, { signal })) chunks.push(chunk.slice())
  whole = Buffer.concat(chunks)
})
afterEach(() => void vi.unstubAllGlobals())

async function ask(
  log: CheckpointLog,
  isGone: boolean,
  start: number,
  end: number,
): Promise<Buffer> {
  let over: () => void = () => undefined
  const finished = new Promise<void>((resolve) => (over = resolve))
  const body = new RangeBody(stored, log, isGone, { start, end }, refreshUrl, () => over())
  const read = Buffer.from(await new Response(new ReadableStream(body)).arrayBuffer())
  await finished
  return read
}

it('is that part, after which the next one is nearer', async () => {
  const log = new CheckpointLog()
  const [start, end] = [13_000_000, 13_000_100]
  expect((await ask(log, true, start, end)).equals(whole.subarray(start, end))).toBe(true)
  expect(log.offset).toBeGreaterThan(start - 3_000_000)
  expect(noted).toHaveLength(1)
  const again = new CheckpointLog()
  again.addPart((noted[0] as [string, CheckpointPart])[1])
  expect(again.before(start, stored.fingerprint)?.offset).toBeGreaterThan(start - 5_000_000)
  const next = await ask(again, true, end, end + 50)
  expect(next.equals(whole.subarray(end, end + 50))).toBe(true)
})

it('teaches who makes the archive nothing: a file may have changed in between', async () => {
  const log = new CheckpointLog()
  await ask(log, false, 13_000_000, 13_000_100)
  expect(log.offset).toBe(0)
  expect(noted).toEqual([])
})

it.each([
  ['data.custom', {}, 'refused', true],
  ['page', {}, 'refused', true],
  ['page.HTM', {}, 'taken', true],
  ['data.custom', { etag: '"1"' }, 'taken', true],
  ['data.custom', {}, 'taken', false],
])(
  'is made past a service worker of the site: a web page as %s %o is %s (controlled: %s)',
  async (name, given, how, isControlled) => {
    const page = new Response('<!doctype html>', {
      headers: { 'Content-Type': 'text/html', ETag: '"1"' },
    })
    vi.stubGlobal('fetch', async () => page.clone())
    const url = 'https://app.test/virtual'
    const job = await prepareJob([{ url, name, ...given }], { sizes: 'as-given' }, signal)
    stored = { ...toStored(job, 'id', 'a.zip'), isControlled }
    const read = await ask(new CheckpointLog(), true, 0, 120).then(
      () => 'taken',
      (error: HoldallError) => error.code,
    )
    expect(read).toBe(how === 'taken' ? how : 'source-failed')
  },
)

it('asks the page for a fresh URL where a server refuses one', async () => {
  const signed = vi.fn<(url: string) => Promise<Response>>(async (url) =>
    url.endsWith('fresh') ? new Response('text') : new Response(null, { status: 403 }),
  )
  vi.stubGlobal('fetch', signed)
  const url = 'https://app.test/file?old'
  const job = await prepareJob([{ url, name: 'a.txt', size: 4 }], {}, signal)
  stored = toStored(job, 'id', 'a.zip')
  refreshUrl = () => 'https://app.test/file?fresh'
  expect(await ask(new CheckpointLog(), false, 0, job.plan.length!)).toHaveLength(job.plan.length!)
  expect(signed.mock.calls.map(([asked]) => asked)).toEqual([url, 'https://app.test/file?fresh'])
})
