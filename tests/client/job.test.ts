import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { zip, type FileInput } from '../../src/index.ts'
import type { ZipJob } from '../../src/index.ts'
import { entriesOf } from '../engine/read-zip.ts'
import { localServer, serveBytes, type LocalServer } from '../sources/local-server.ts'
import { noise } from '../zip/archive.ts'
import { inAPage, leavePage, workers } from './worker.ts'

let server: LocalServer | undefined

beforeEach(() => inAPage())

afterEach(async () => {
  leavePage()
  await server?.[Symbol.asyncDispose]()
  server = undefined
})

async function serve(): Promise<string> {
  server = await localServer((request, response) => serveBytes(request, response, noise(1000)))
  return server.origin
}

const TEXT: FileInput = { name: 'a.txt', data: 'text' }

/** The states that a job goes through from now on. */
function statesOf(job: ZipJob): string[] {
  const states: string[] = []
  job.addEventListener('statechange', ({ state }) => states.push(state))
  return states
}

async function filesOf(blob: Blob): Promise<Map<string, Buffer>> {
  return entriesOf(Buffer.from(await blob.arrayBuffer()))
}

describe('zip()', () => {
  it('does nothing before it is asked where to', async () => {
    const job = zip([TEXT])
    expect(job.name).toBe('archive.zip')
    expect(job.state).toBe('idle')
    await new Promise(setImmediate)
    expect(workers).toEqual([])
  })

  it('takes no name in place of its options, nor nothing', () => {
    for (const options of ['photos.zip', null]) {
      expect(() => zip([TEXT], options as unknown as object)).toThrow(
        expect.objectContaining({ code: 'invalid-option', detail: { option: 'options' } }),
      )
    }
  })

  it('starts its worker with the click, while the rest of a download is loaded', async () => {
    const download = zip([TEXT], { sinks: ['service-worker'] }).download()
    expect(workers).toHaveLength(1)
    await expect(download).rejects.toThrow() // there is no service worker here
    expect(workers.map(({ ended }) => ended)).toEqual([true])
  })

  it('packs what the page has and what the worker fetches', async () => {
    const origin = await serve()
    const data = noise(300_000)
    const job = zip([
      `${origin}/1`,
      TEXT,
      { name: 'b', data },
      { name: 'c', data: new Blob(['blob']) },
      { name: 'd', data: new Blob(['stream']).stream() },
      { name: 'e', data: () => 'function' },
      { name: 'f', data: () => Promise.resolve(new Blob(['later']).stream()) },
      { name: 'g', data: () => noise(10) },
      { name: 'h/', directory: true },
    ])
    const entries = await filesOf(await job.blob())
    expect([...entries.keys()]).toEqual(['1', 'a.txt', 'b', 'c', 'd', 'e', 'f', 'g', 'h/'])
    expect(entries.get('1')!.equals(noise(1000))).toBe(true)
    expect(entries.get('b')!.equals(noise(300_000))).toBe(true)
    const texts = ['a.txt', 'c', 'd', 'e', 'f'].map((name) => entries.get(name)!.toString())
    expect(texts).toEqual(['text', 'blob', 'stream', 'function', 'later'])
    expect(data.length).toBe(300_000)
  })

  it('packs a file that is empty beside one that is not', async () => {
    const data = noise(100_000)
    const files = [
      { name: 'a', data },
      { name: 'b', data: new Uint8Array(0) },
      { name: 'c', data: new ArrayBuffer(0) },
    ]
    const entries = await filesOf(await zip(files).blob())
    expect([...entries.values()].map(({ length }) => length)).toEqual([100_000, 0, 0])
    expect(entries.get('a')!.equals(data)).toBe(true)
  })

  it('takes each kind of list, and the URL of a manifest', async () => {
    const lists = [
      [TEXT],
      new Set([TEXT]),
      (async function* () {
        yield TEXT
      })(),
    ]
    for (const list of lists) expect((await zip(list).plan()).entries).toBe(1)
    const origin = await serve()
    server!.answer = (_, response) => response.end('{"files":[{"url":"1","size":5},{"url":"2"}]}')
    expect((await zip(new URL('/m.json', origin)).plan()).entries).toBe(2)
    expect((await zip('/m.json', { baseURL: origin }).plan()).entries).toBe(2)
  })

  it('takes relative URLs for relative to the page', async () => {
    const origin = await serve()
    inAPage(`${origin}/deep/page.html`)
    await zip(['1.jpg']).blob()
    expect(server!.asked.at(-1)!.url).toBe('/deep/1.jpg')
  })

  it('tells what became of it', async () => {
    const job = zip([TEXT, TEXT], { name: 'both.zip' })
    const states = statesOf(job)
    const warnings: string[] = []
    job.addEventListener('warning', ({ warning }) => warnings.push(warning.code))
    const chunks: number[] = []
    const target = new WritableStream<Uint8Array>({
      write: ({ length }) => void chunks.push(length),
    })
    const report = await job.saveTo(target)
    expect(report).toMatchObject({ sink: 'stream', name: 'both.zip', entries: 2 })
    expect(report.bytes).toBe(chunks.reduce((sum, length) => sum + length))
    expect(report.warnings.map(({ code }) => code)).toEqual(['name-renamed'])
    expect(warnings).toEqual(['name-renamed'])
    expect(states).toEqual(['planning', 'running', 'done'])
    expect(await job.finished).toBe(report)
    expect(workers.map(({ ended }) => ended)).toEqual([true])
  })

  it('plans first, if asked to, and once', async () => {
    const job = zip([TEXT])
    const plan = await job.plan()
    expect(plan).toMatchObject({ entries: 1, warnings: [] })
    expect(job.state).toBe('idle')
    expect((await job.blob()).size).toBe(plan.length)
    expect(workers).toHaveLength(1)
  })

  it('tells how far it is', async () => {
    const job = zip([{ name: 'a', data: noise(3_000_000) }])
    const seen: number[] = []
    job.addEventListener('progress', ({ progress }) => seen.push(progress.bytes))
    const { size } = await job.blob()
    await vi.waitFor(() => expect(seen.at(-1)).toBe(size))
  })

  it('gives a stream, made no faster than it is read', async () => {
    let made = 0
    const data = new ReadableStream<Uint8Array>(
      { pull: (controller) => void controller.enqueue(new Uint8Array(2 ** 20).fill(++made)) },
      { highWaterMark: 0 },
    )
    const job = zip([{ name: 'a', data }])
    const reader = job.stream().getReader()
    await reader.read()
    let before = -1
    while (before !== made) {
      before = made
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(made).toBeLessThan(24)
    await reader.cancel('enough')
    await expect(job.finished).rejects.toMatchObject({ code: 'cancelled', cause: 'enough' })
    expect(job.state).toBe('cancelled')
    expect(workers.map(({ ended }) => ended)).toEqual([true])
  })

  it('gives a response, of the exact length', async () => {
    const response = await zip([TEXT], { name: 'ä.zip' }).response()
    expect(response.headers.get('Content-Disposition')).toContain("filename*=UTF-8''%C3%A4.zip")
    const length = Number(response.headers.get('Content-Length'))
    expect((await response.arrayBuffer()).byteLength).toBe(length)
  })
})

describe('a job', () => {
  it('says beforehand whether others can go on with it', async () => {
    const kinds = { yes: TEXT, no: { name: 'made.txt', data: () => 'text' } }
    for (const [answer, file] of Object.entries(kinds)) {
      const job = zip([file])
      expect(job.resumable).toBeUndefined()
      const { notResumable } = await job.plan()
      expect(job.resumable).toBe(answer === 'yes')
      if (answer === 'yes') expect(notResumable).toBeUndefined()
      else expect(notResumable).toContain('"made.txt"')
      job.cancel()
    }
  })

  it('has one sink', async () => {
    const job = zip([TEXT])
    const made = job.blob()
    await expect(job.blob()).rejects.toMatchObject({ code: 'already-started' })
    await made
    await expect(job.saveTo(new WritableStream())).rejects.toMatchObject({
      code: 'already-started',
    })
    expect(job.state).toBe('done')
  })

  it('that is paused makes nothing more until it is resumed', async () => {
    let taken = 0
    const data = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          if (++taken === 5) await paused // so that it cannot be done before
          if (taken <= 40) controller.enqueue(new Uint8Array(2 ** 20))
          else controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    const job = zip([{ name: 'a', data }])
    const paused = new Promise<void>((resolve) => {
      job.addEventListener('statechange', ({ state }) => {
        if (state === 'paused') resolve()
      })
    })
    job.pause()
    expect(job.state).toBe('idle')
    const states = statesOf(job)
    job.addEventListener('progress', () => job.pause(), { once: true })
    const made = job.blob()
    await vi.waitFor(() => expect(job.state).toBe('paused'))
    job.resume()
    expect((await made).size).toBeGreaterThan(40 * 2 ** 20)
    expect(states).toEqual(['planning', 'running', 'paused', 'running', 'done'])
  })
})
