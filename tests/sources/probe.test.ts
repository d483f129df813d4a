/** What asks for sizes leaves nothing behind. */

import { expect, it, onTestFinished, vi } from 'vitest'
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
