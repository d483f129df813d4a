import { afterEach, describe, expect, it, vi } from 'vitest'
import { prepareJob, runJob } from '../../src/engine/job.ts'
import { toStored } from '../../src/engine/stored-job.ts'
import { HoldallError } from '../../src/errors.ts'
import { pumpToPort } from '../../src/port/pump.ts'
import { CHROME, FIREFOX, Page, SAFARI, startedIn, stop, type Scope } from './scope.ts'

afterEach(stop)

const SCOPE = 'https://app.test/holdall/'

type Chunk = Uint8Array<ArrayBuffer>

async function* chunksOf(...lengths: number[]): AsyncGenerator<Chunk, void, void> {
  for (const length of lengths) yield new Uint8Array(length).fill(length)
}

interface Download {
  readonly scope: Scope
  readonly page: Page
  readonly url: string
  readonly body: ReadableStream<Uint8Array>
  readonly over: Promise<void>
}

/** A download that has begun: the page is asked for the archive. */
async function begin(length?: number, userAgent = CHROME): Promise<Download> {
  const scope = await startedIn(SCOPE, userAgent)
  const page = new Page()
  const url = await scope.register(page, length === undefined ? {} : { length })
  const { response, over } = scope.ask(url)
  const { body } = await response
  return { scope, page, url, body: body!, over }
}

/** Sends the archive, as the producer does: its lock is held as long as it lives. */
async function produce(
  { scope, page }: Download,
  chunks: AsyncGenerator<Chunk, void, void>,
  run = 0,
): Promise<{ die: () => void; pumped: Promise<void> }> {
  const { port, lock } = await page.hears('open', run)
  const die = await scope.locks.hold(lock)
  const pumped = pumpToPort(chunks, port, { transfer: true })
  pumped.catch(() => undefined)
  return { die, pumped }
}

async function lengthOf(body: ReadableStream<Uint8Array>): Promise<number> {
  let length = 0
  for await (const chunk of body) length += chunk.length
  return length
}

describe('the body of an answer', () => {
  it.each([undefined, 600])('gives all that the page makes, of length %s', async (length) => {
    const download = await begin(length)
    const { pumped } = await produce(download, chunksOf(100, 200, 300))
    expect(await lengthOf(download.body)).toBe(600)
    expect(await download.page.hears('delivered')).toEqual({
      type: 'delivered',
      run: 0,
      bytes: 600,
    })
    await pumped
    await download.over
  })

  it('gives no memory away that the browser may still read', async () => {
    const download = await begin()
    const MIB = 2 ** 20
    const back: ArrayBuffer[] = []
    const { port, lock } = await download.page.hears('open', 0)
    await download.scope.locks.hold(lock)
    const pumped = pumpToPort(chunksOf(...Array.from({ length: 9 }, () => MIB)), port, {
      transfer: true,
      spent: (buffer) => back.push(buffer),
    })
    const reader = download.body.getReader()
    let read = 0
    for (;;) {
      const { value } = await reader.read()
      if (value === undefined) break
      read++
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
      expect(value.length).toBe(MIB)
      expect(back.length).toBeLessThan(read)
    }
    await pumped
    expect(read).toBe(9)
    expect(back.length).toBeGreaterThan(3)
  })

  it('says that it is delivered when the last byte has been taken, not before', async () => {
    const download = await begin(300)
    const { pumped } = await produce(download, chunksOf(100, 200))
    await pumped // all of it is here, or on its way
    const reader = download.body.getReader()
    const heard = (): string[] => download.page.heard.map(({ type }) => type)
    await reader.read()
    await reader.read()
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
    expect(heard()).not.toContain('delivered')
    expect((await reader.read()).done).toBe(true)
    await download.page.hears('delivered')
  })

  it.each([
    [599, 600],
    [601, 600],
    [1, 0],
    [0, 1],
  ])('fails that was announced with %d bytes, and has %d', async (planned, actual) => {
    const download = await begin(planned)
    await produce(download, chunksOf(...(actual === 0 ? [] : [actual])))
    await expect(lengthOf(download.body)).rejects.toMatchObject({
      code: 'length-mismatch',
      detail: { planned, actual },
    })
    const { error } = await download.page.hears('failed')
    expect(error).toMatchObject({ code: 'length-mismatch', detail: { planned, actual } })
    await download.over
  })

  it('fails as the archive does, after what was made of it', async () => {
    const download = await begin(300)
    const cause = new HoldallError('source-failed', 'Cannot fetch "a"', { entry: 'a' })
    await produce(
      download,
      (async function* () {
        yield* chunksOf(100)
        throw cause
      })(),
    )
    const reader = download.body.getReader()
    expect((await reader.read()).value).toHaveLength(100)
    await expect(reader.read()).rejects.toMatchObject({
      code: 'source-failed',
      detail: { entry: 'a' },
    })
    expect((await download.page.hears('failed')).error.message).toBe('Cannot fetch "a"')
    await download.over
  })

  it('tells page and producer when the browser cancels', async () => {
    const download = await begin()
    const { pumped } = await produce(download, chunksOf(...Array<number>(100).fill(2 ** 20)))
    const reader = download.body.getReader()
    await reader.read()
    await reader.cancel()
    await expect(pumped).rejects.toMatchObject({ code: 'cancelled', detail: { by: 'browser' } })
    expect(await download.page.hears('cancelled')).toEqual({ type: 'cancelled', run: 0 })
    await download.over
  })

  it('fails when its producer dies, whether it is read or not', async () => {
    for (const isRead of [true, false]) {
      const download = await begin(1000)
      const { promise: forever } = deferred()
      const { die } = await produce(
        download,
        (async function* () {
          yield* chunksOf(100)
          await forever
        })(),
      )
      const reader = download.body.getReader()
      await reader.read()
      const pending = isRead ? reader.read() : undefined
      pending?.catch(() => undefined)
      die()
      expect((await download.page.hears('failed')).error).toMatchObject({
        code: 'delivery-lost',
        detail: { reason: 'worker-gone' },
      })
      await expect(pending ?? reader.read()).rejects.toMatchObject({ code: 'delivery-lost' })
      await download.over
    }
  })

  it('is gone on with when its producer dies, as soon as it is told how, whatever of it was taken', async () => {
    const download = await begin()
    const { port, lock } = await download.page.hears('open')
    const die = await download.scope.locks.hold(lock)
    const never = new AbortController().signal
    const job = await prepareJob([{ name: 'a', data: 'a'.repeat(600_000) }], {}, never)
    const archive = runJob(job, { signal: never })
    const chunks: Chunk[] = []
    for (let last = 0; ; last = archive.checkpointSince(last).entry) {
      const { done, value } = await archive.next()
      if (done === true) break
      chunks.push(value.slice())
      if (chunks.length > 2) continue
      const mark = archive.checkpointSince(last)
      const kept = chunks.length === 2 && { job: toStored(job, download.page.id, 'a.zip') }
      port.postMessage({ type: 'chunk', bytes: value.slice(), mark: { ...mark, ...kept } })
    }
    const reader = download.body.getReader()
    const taken = [(await reader.read()).value!]
    await new Promise((resolve) => setTimeout(resolve, 20)) // the second one comes, and is not taken
    die()
    expect(await download.page.hears('taken-over')).toMatchObject({ run: 0 })
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      taken.push(read.value)
    }
    expect(Buffer.concat(taken).equals(Buffer.concat(chunks))).toBe(true)
  })

  it('of a further request is gone on with from nothing that is of the download itself', async () => {
    const download = await begin()
    const { scope, page, url } = download
    const second = (await scope.ask(url).response).body!.getReader()
    const { port } = await page.hears('open', 0)
    const never = new AbortController().signal
    const job = await prepareJob([{ name: 'a', data: 'a'.repeat(600_000) }], {}, never)
    const archive = runJob(job, { signal: never })
    const bytes = (await archive.next()).value!.slice()
    const mark = { ...archive.checkpointSince(0), job: toStored(job, page.id, 'a.zip') }
    port.postMessage({ type: 'chunk', bytes, mark })
    const { die } = await produce(
      download,
      (async function* () {
        yield new Uint8Array(bytes.length) // as of files that have changed since
        await deferred().promise
      })(),
      1,
    )
    await second.read()
    const first = download.body.getReader()
    await first.read()
    page.control.postMessage({ type: 'abandoned' })
    await page.hears('taken-over', 0)
    die()
    await expect(second.read()).rejects.toMatchObject({ code: 'delivery-lost' })
    expect(page.heard).not.toContainEqual(expect.objectContaining({ type: 'taken-over', run: 1 }))
    for (let read = await first.read(); !read.done; read = await first.read()) void read
    await page.hears('delivered', 0)
  })

  it('is not failed by a producer that is done', async () => {
    const download = await begin(100)
    const { die } = await produce(download, chunksOf(100))
    expect(await lengthOf(download.body)).toBe(100)
    die()
    await download.page.hears('delivered')
    await new Promise(setImmediate)
    expect(download.page.heard.map(({ type }) => type)).not.toContain('failed')
  })

  it('is made again for a further request, each with a port and a lock of its own', async () => {
    const download = await begin(300)
    const { scope, page, url } = download
    const second = scope.ask(url)
    const bodies = [download.body, (await second.response).body!]
    const opens = [await page.hears('open', 0), await page.hears('open', 1)]
    expect(new Set(opens.map(({ lock }) => lock)).size).toBe(2)
    await produce(download, chunksOf(300), 0)
    await produce(download, chunksOf(100, 200), 1)
    expect(await Promise.all(bodies.map(lengthOf))).toEqual([300, 300])
    await page.hears('delivered', 0)
    await page.hears('delivered', 1)
    await second.over
  })

  it('reads no more ahead than a window', async () => {
    const download = await begin()
    let made = 0
    await produce(
      download,
      (async function* () {
        for (; made < 40; made++) yield new Uint8Array(2 ** 20)
      })(),
    )
    const reader = download.body.getReader()
    await reader.read()
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate)
    expect(made).toBeLessThan(12)
    await reader.cancel()
  })
})

describe('while a download runs, the service worker', () => {
  /** Timers that are wound by hand; messages and promises go their way. */
  const wind = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 1000) {
      await vi.advanceTimersByTimeAsync(1000)
      await new Promise(setImmediate)
    }
  }
  const fake = (): void => {
    vi.useFakeTimers({
      toFake: ['setInterval', 'clearInterval', 'Date', 'setTimeout', 'clearTimeout'],
    })
  }

  it('asks pages for a sign of life, and stops when it is over', async () => {
    fake()
    const download = await begin()
    await wind(30_000)
    const { broadcasts } = download.scope
    expect(broadcasts.length).toBeGreaterThanOrEqual(3)
    expect(broadcasts.every(({ type }) => type === 'holdall:ping')).toBe(true)
    await download.body.cancel()
    await download.over
    const { length } = broadcasts
    await wind(60_000)
    expect(broadcasts).toHaveLength(length)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('of Firefox fails it before the browser would cut it off, if no page answers', async () => {
    fake()
    const download = await begin(undefined, FIREFOX)
    const begun = Date.now()
    const failure = lengthOf(download.body).catch((error: unknown) => [error, Date.now() - begun])
    await wind(60_000)
    const [error, after] = (await failure) as [unknown, number]
    expect(error).toMatchObject({ code: 'delivery-lost', detail: { reason: 'no-keep-alive' } })
    expect(after).toBeGreaterThan(30_000)
    expect(after).toBeLessThan(58_000)
    expect((await download.page.hears('failed')).error).toMatchObject({ code: 'delivery-lost' })
    await download.over
  })

  it('of Firefox goes on as long as a page answers, and fails after the last that did', async () => {
    fake()
    const download = await begin(undefined, FIREFOX)
    const { scope, page } = download
    scope.onBroadcast = () => scope.hear({ type: 'holdall:alive' })
    await wind(10 * 60_000)
    expect(page.heard.map(({ type }) => type)).toEqual(['registered', 'open'])
    scope.onBroadcast = () => undefined
    await wind(58_000)
    expect(page.heard.map(({ type }) => type)).toContain('failed')
  })

  it('of Firefox is not failed because the machine slept', async () => {
    fake()
    const download = await begin(undefined, FIREFOX)
    const { scope, page } = download
    scope.onBroadcast = () => scope.hear({ type: 'holdall:alive' })
    await wind(15_000)
    // it wakes up: timers that were due fire before any page can answer
    scope.onBroadcast = () => undefined
    vi.setSystemTime(Date.now() + 8 * 60 * 60_000)
    await wind(12_000)
    scope.onBroadcast = () => scope.hear({ type: 'holdall:alive' })
    await wind(60_000)
    expect(page.heard.map(({ type }) => type)).not.toContain('failed')
    await download.body.cancel()
  })

  it.each([
    ['Chromium', CHROME],
    ['WebKit', SAFARI],
  ])('of %s never fails it for want of an answer', async (_, userAgent) => {
    fake()
    const download = await begin(undefined, userAgent)
    await wind(10 * 60_000)
    expect(download.page.heard.map(({ type }) => type)).toEqual(['registered', 'open'])
    vi.useRealTimers()
    await produce(download, chunksOf(100))
    expect(await lengthOf(download.body)).toBe(100)
  })
})

function deferred(): { promise: Promise<void> } {
  return { promise: new Promise<void>(() => undefined) }
}
