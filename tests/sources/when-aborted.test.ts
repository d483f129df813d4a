import { afterEach, expect, it } from 'vitest'
import { zipStream } from '../../src/core.ts'
import { whenAborted } from '../../src/sources/when-aborted.ts'
import { localServer, type LocalServer } from './local-server.ts'

let server: LocalServer | undefined
afterEach(() => server?.[Symbol.asyncDispose]())

it('tells everybody who waits, and nobody who does not any more', () => {
  const ending = new AbortController()
  const told: number[] = []
  const [forget] = [1, 2, 3].map((one) => whenAborted(ending.signal, () => told.push(one)))
  forget!()
  ending.abort()
  expect(told).toEqual([2, 3])
})

it('has Node warn of no leak, where many requests wait for one signal', async () => {
  const warnings: Error[] = []
  const warned = (warning: Error): void => void warnings.push(warning)
  process.on('warning', warned)
  server = await localServer((_, response) => void setTimeout(() => response.end('x'), 20))
  const files = Array.from({ length: 40 }, (_, index) => `${server!.origin}/${index}`)
  await new Response(zipStream(files)).arrayBuffer()
  await new Response(zipStream(files, { sizes: 'as-given', concurrency: 30 })).arrayBuffer()
  process.off('warning', warned)
  expect(warnings).toEqual([])
})
