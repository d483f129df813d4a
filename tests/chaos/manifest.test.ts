/** The list of files is waited for as patiently as the files themselves. */

import { afterEach, describe, expect, it } from 'vitest'
import { prepareJob } from '../../src/engine/job.ts'
import { RETRY, serverOf } from './pack.ts'
import type { Fault } from './server/faults.ts'
import type { ChaosServer } from './server/server.ts'

let server: ChaosServer
afterEach(() => server[Symbol.asyncDispose]())

const LIST = { bytes: Buffer.from('{ "name": "Ä.zip", "files": [{ "url": "1.jpg", "size": 1 }] }') }
const never = new AbortController().signal

async function load(faults: readonly Fault[], retry = RETRY, signal = never): Promise<string> {
  server = await serverOf(LIST, faults)
  const job = await prepareJob(`${server.origin}/list.json`, { retry }, signal)
  return `${job.name}: ${job.files[0]!.name}`
}

describe('a manifest', () => {
  it.each<Fault>([
    { kind: 'status', status: 503, retryAfter: '0' },
    { kind: 'reset' },
    { kind: 'reset', at: 20 },
    { kind: 'end', at: 20 },
    { kind: 'drip', from: 1, piece: 1, ms: 1 },
    { kind: 'redirect', status: 302 },
  ])('is read in spite of %o', async (fault) => {
    expect(await load([fault, fault])).toBe('Ä.zip: 1.jpg')
  })

  it.each<Fault>([{ kind: 'stall' }, { kind: 'stall', at: 20 }])(
    'is not waited for in silence: %o',
    async (fault) => {
      expect(await load([fault], { ...RETRY, silence: 200 })).toBe('Ä.zip: 1.jpg')
    },
  )

  it('is given up after as many attempts as a file', async () => {
    const failure = load(
      Array.from({ length: 9 }, () => ({ kind: 'status', status: 500 }) as const),
    )
    await expect(failure).rejects.toMatchObject({ code: 'source-failed', detail: { status: 500 } })
    expect(server.asked).toHaveLength(RETRY.attempts)
  })

  it('that is not there is told at once', async () => {
    const failure = load([{ kind: 'status', status: 404 }])
    await expect(failure).rejects.toMatchObject({ code: 'source-failed', detail: { status: 404 } })
    expect(server.asked).toHaveLength(1)
  })

  it('is not waited for after an abort', async () => {
    const ending = new AbortController()
    const reason = new Error('no more')
    const failure = load([{ kind: 'stall', at: 20 }], { ...RETRY, silence: 60_000 }, ending.signal)
    setTimeout(() => ending.abort(reason), 50)
    await expect(failure).rejects.toBe(reason)
  })
})
