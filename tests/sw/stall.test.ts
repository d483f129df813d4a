/** Producers that give no sign of life: what the page is told, and when the download is given up. */

import { afterEach, describe, expect, it, vi } from 'vitest'
import { prepareJob, runJob } from '../../src/engine/job.ts'
import { toStored } from '../../src/engine/stored-job.ts'
import { pumpToPort } from '../../src/port/pump.ts'
import type { WriterMessage } from '../../src/port/protocol.ts'
import { watchStalls } from '../../src/sw/stall-watch.ts'
import { Page, startedIn, stop } from './scope.ts'

afterEach(stop)

/** Timers that are wound by hand; messages and promises go their way. */
async function wind(ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 1000) {
    await vi.advanceTimersByTimeAsync(1000)
    await new Promise(setImmediate)
    await new Promise(setImmediate)
  }
}

/** A download, whose page is asked for the archive, and the end of the port for whoever makes it. */
async function begin() {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  const scope = await startedIn('https://app.test/holdall/')
  const page = new Page()
  const { response } = scope.ask(await scope.register(page))
  const reader = (await response).body!.getReader()
  const { port, lock } = await page.hears('open')
  await scope.locks.hold(lock)
  const told = (): unknown[] =>
    page.heard.flatMap((message) => {
      if (message.type === 'stalled') return message.stalls
      return message.type === 'failed' ? message.error.code : []
    })
  const send = (message: WriterMessage): void => port.postMessage(message)
  return { reader, port, send, told, page }
}

describe('a producer whose bytes are waited for', () => {
  it('stalls without a sign of life, and comes to life with one', async () => {
    const { reader, send, told } = await begin()
    const first = reader.read()
    await wind(11_000)
    expect(told()).toEqual([])
    await wind(4000)
    expect(told()).toEqual([true])
    send({ type: 'alive' })
    await wind(4000)
    expect(told()).toEqual([true, false])
    send({ type: 'chunk', bytes: new Uint8Array(10) })
    expect((await first).value).toHaveLength(10)
    await reader.cancel()
  })

  it('is given up after five minutes without any', async () => {
    const { reader, told, page } = await begin()
    const first = reader.read()
    first.catch(() => undefined)
    await wind(290_000)
    expect(told()).toEqual([true])
    await wind(15_000)
    expect(told()).toEqual([true, 'delivery-lost'])
    await expect(first).rejects.toMatchObject({ detail: { reason: 'worker-gone' } })
    expect((await page.hears('failed')).error.message).toContain('no sign of life')
  })

  it('does not stall while it says that it is alive, however long it takes', async () => {
    const { reader, port, told } = await begin()
    let wake: () => void = () => undefined
    const pumped = pumpToPort(
      (async function* () {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        yield new Uint8Array(10)
      })(),
      port,
      { vouch: () => true },
    )
    const first = reader.read()
    await wind(400_000)
    expect(told()).toEqual([])
    wake()
    expect((await first).value).toHaveLength(10)
    await reader.read()
    await pumped
  })

  it('stalls when it vouches for itself no more', async () => {
    const { reader, port, told } = await begin()
    let vouches = true
    const pumped = pumpToPort(
      (async function* () {
        yield await new Promise<Uint8Array<ArrayBuffer>>(() => undefined)
      })(),
      port,
      { vouch: () => vouches },
    )
    pumped.catch(() => undefined)
    reader.read().catch(() => undefined)
    await wind(60_000)
    expect(told()).toEqual([])
    vouches = false
    await wind(16_000)
    expect(told()).toEqual([true])
  })
})

it('a producer that was taken over from has not come to life', async () => {
  const { reader, send, told, page } = await begin()
  const never = new AbortController().signal
  const job = await prepareJob([{ name: 'a', data: 'a'.repeat(600_000) }], {}, never)
  const archive = runJob(job, { signal: never })
  const { value: bytes } = (await archive.next()) as { value: Uint8Array<ArrayBuffer> }
  const mark = { ...archive.checkpointSince(0), job: toStored(job, page.id, 'a.zip') }
  send({ type: 'chunk', bytes: bytes.slice(), mark })
  expect((await reader.read()).value).toEqual(bytes)
  const second = reader.read()
  await wind(16_000)
  expect((await second).value).toEqual((await archive.next()).value)
  await wind(4000)
  expect(page.heard.map(({ type }) => type)).toContain('taken-over')
  expect(told()).toEqual([true])
  await reader.cancel()
})

it('a producer whose bytes nobody reads need give no sign', async () => {
  const { reader, send, told } = await begin()
  const first = reader.read()
  await wind(1000)
  send({ type: 'chunk', bytes: new Uint8Array(10) })
  await first
  await wind(400_000)
  expect(told()).toEqual([])
  await reader.cancel()
})

it('a machine that sleeps misses no beat', () => {
  vi.useFakeTimers()
  const told: unknown[] = []
  const stopWatch = watchStalls({
    signs: () => 1,
    stalled: (stalls) => void told.push(stalls),
    gaveUp: () => void told.push('gave up'),
  })
  for (let night = 0; night < 6; night++) {
    vi.setSystemTime(Date.now() + 8 * 60 * 60_000)
    vi.advanceTimersByTime(2000)
  }
  expect(told).toEqual([])
  vi.advanceTimersByTime(2000)
  expect(told).toEqual([true])
  stopWatch()
  expect(vi.getTimerCount()).toBe(0)
})
