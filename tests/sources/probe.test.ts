/** What asks for sizes leaves nothing behind. */

import { expect, it, onTestFinished, vi } from 'vitest'
import { prepareJob } from '../../src/engine/job.ts'
import { probeSizes } from '../../src/sources/probe.ts'

it('ends each request once it knows what it asked for', async () => {
  const signals: AbortSignal[] = []
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    expect(init.signal?.aborted).toBe(false)
    signals.push(init.signal!)
    return init.method === 'HEAD'
      ? new Response(null)
      : new Response('x', { status: 206, headers: { 'Content-Range': 'bytes 0-0/7' } })
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  const file = {
    kind: 'file',
    name: 'a',
    source: { type: 'url', url: 'https://files.test/a' },
  } as const
  const [probed] = await probeSizes([file], new AbortController().signal)
  expect(probed).toMatchObject({ size: 7 })
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
})

it('asks no more often at once than there are files, however much it may', async () => {
  let asked = 0
  vi.stubGlobal('fetch', async () => {
    asked++
    return new Response(null, { headers: { 'Content-Length': '7' } })
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  const options = { concurrency: Number.MAX_SAFE_INTEGER }
  const { signal } = new AbortController()
  const { plan } = await prepareJob(['https://files.test/a'], options, signal)
  expect([asked, plan.entries[0]!.size]).toEqual([1, 7])
})
