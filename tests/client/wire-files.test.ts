import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { configure, startWorker } from '../../src/client/configuration.ts'
import { serviceWorkerLocation } from '../../src/client/service-worker-location.ts'
import { loaded } from '../../src/client/loaded.ts'
import { sendStream } from '../../src/client/send-stream.ts'
import { RemoteContents, wireOptions } from '../../src/client/wire-files.ts'
import type { ArchiveOptions, FileInput } from '../../src/manifest/types.ts'
import { readableFromPort } from '../../src/port/readable.ts'

describe('RemoteContents', () => {
  const wire = async (...inputs: unknown[]): Promise<unknown[]> => {
    const { files, transfer } = await new RemoteContents().toWire(inputs as FileInput[])
    return structuredClone(files, { transfer: transfer as never })
  }

  it('sends what can be cloned as it is', async () => {
    expect(await wire('/a', new URL('https://host.test/b'), { url: '/c', size: 5 })).toEqual([
      '/a',
      'https://host.test/b',
      { url: '/c', size: 5 },
    ])
  })

  it('sends no more of an object than is known', async () => {
    const model = {
      url: '/a',
      name: 'a',
      kind: 'photo',
      select: () => undefined,
      owner: Symbol('x'),
    }
    expect(await wire(model)).toEqual([{ url: '/a', name: 'a' }])
  })

  it('sends headers and URLs as plain data', async () => {
    const headers = new Headers({ 'X-A': '1' })
    expect(await wire({ url: new URL('https://host.test/a'), headers })).toEqual([
      { url: 'https://host.test/a', headers: { 'x-a': '1' } },
    ])
  })

  it('sends bytes as a copy, without the rest of their buffer', async () => {
    const buffer = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7])
    const files = await wire(
      { name: 'a', data: buffer.subarray(1, 3) },
      { name: 'b', data: buffer.buffer },
      { name: 'c', data: new DataView(buffer.buffer, 6) },
    )
    expect(files).toEqual([
      { name: 'a', data: new Uint8Array([1, 2]) },
      { name: 'b', data: buffer },
      { name: 'c', data: new Uint8Array([6, 7]) },
    ])
    expect(buffer.length).toBe(8)
  })

  it('keeps functions and streams, to be asked for', async () => {
    const contents = new RemoteContents()
    const { files } = await contents.toWire([
      { name: 'a', data: () => 'text' },
      { name: 'b', data: new Blob(['stream']).stream() },
      { name: 'c', data: () => Promise.resolve(new Blob(['later'])) },
      { name: 'd', data: () => new Uint8Array([9, 8, 7]).subarray(1) },
    ])
    expect(files).toEqual([
      { name: 'a', data: { remote: 0 } },
      { name: 'b', data: { remote: 1 } },
      { name: 'c', data: { remote: 2 } },
      { name: 'd', data: { remote: 3 } },
    ])
    expect(await contents.open(0)).toBe('text')
    const port = await contents.open(1)
    expect(port).toBeInstanceOf(MessagePort)
    expect(await new Response(readableFromPort(port as MessagePort)).text()).toBe('stream')
    expect(await ((await contents.open(2)) as Blob).text()).toBe('later')
    expect(await contents.open(3)).toEqual(new Uint8Array([8, 7]))
  })

  const asked = async (given: unknown): Promise<unknown> => {
    const contents = new RemoteContents()
    await contents.toWire([{ name: 'a', data: () => given } as FileInput])
    return contents.open(0)
  }

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a number', 5],
    ['a list', [1, 2, 3]],
    ['an object', { a: 1 }],
    ['shared memory', new SharedArrayBuffer(1)],
    [
      'a generator',
      (async function* () {
        yield new Uint8Array(1)
      })(),
    ],
  ])('gives no empty file where a function gave %s', async (_, given) => {
    expect(await asked(given)).toBe(null)
  })

  it.each([
    ['its body', new Response('text'), 'text'],
    ['no byte of an empty one', new Response(null, { status: 204 }), ''],
  ])('gives of a response %s', async (_, given, text) => {
    const port = await asked(Promise.resolve(given))
    expect(await new Response(readableFromPort(port as MessagePort)).text()).toBe(text)
  })

  it('gives no error page for a file', async () => {
    const refused = asked(new Response('<h1>Not found</h1>', { status: 404 }))
    await expect(refused).rejects.toThrow('it gave a response of status 404')
  })

  it('gives no response that was read before', async () => {
    const response = new Response('text')
    await response.text()
    await expect(asked(response)).rejects.toMatchObject({ code: 'stream-used' })
  })

  it('leaves what is no file to be refused in its place, beside functions, too', async () => {
    expect(await wire(null, 5, { name: 'a', data: () => 'text' })).toEqual([
      null,
      null,
      { name: 'a', data: { remote: 0 } },
    ])
  })

  it('keeps the data of an object that happens to have a kind', async () => {
    const contents = new RemoteContents()
    const file = { kind: 'invoice', name: 'a', data: () => 'text' }
    const { files } = await contents.toWire([file as unknown as FileInput])
    expect(structuredClone(files)).toEqual([{ name: 'a', data: { remote: 0 } }])
  })

  it('refuses a stream that was read, naming its file', async () => {
    const data = new Blob(['x']).stream()
    data.getReader()
    const refused = new RemoteContents().toWire([{ name: 'a', data }])
    await expect(refused).rejects.toMatchObject({ code: 'stream-used', detail: { entry: 'a' } })
  })
})

describe('the options of an archive', () => {
  it('cross, each of them', () => {
    const all: Required<ArchiveOptions> = {
      ...{ duplicates: 'error', onError: 'skip', framing: 'store', comment: 'x', sizes: 'probe' },
      ...{ concurrency: 2, retry: { attempts: 3 }, baseURL: 'https://app.test/' },
    }
    expect(wireOptions(all)).toEqual(all)
  })

  it('cross without what is not known of them', () => {
    const options = { onError: 'skip', sizes: 'as-given', photos: [1, 2], select: () => 5 } as const
    expect(wireOptions(options)).toEqual({ onError: 'skip', sizes: 'as-given' })
  })

  it('cross as plain data where a framework has wrapped them', () => {
    const wire = wireOptions(new Proxy({ retry: new Proxy({ attempts: 3 }, {}) }, {}))
    expect(structuredClone(wire)).toEqual({ retry: { attempts: 3 } })
  })
})

describe('sendStream()', () => {
  it('leaves the chunks of a stream to its maker', async () => {
    const chunk = new Uint8Array([1, 2, 3])
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(chunk)
        controller.close()
      },
    })
    const sent = await new Response(readableFromPort(sendStream(stream))).arrayBuffer()
    expect(new Uint8Array(sent)).toEqual(chunk)
    expect(chunk).toHaveLength(3)
  })

  it('cancels the stream when its reader does, also during a read', async () => {
    let cancelled: (reason: unknown) => void
    const reason = new Promise((resolve) => {
      cancelled = resolve
    })
    const stream = new ReadableStream<Uint8Array>({ cancel: (why) => cancelled(why) })
    const reader = readableFromPort(sendStream(stream)).getReader()
    const pending = reader.read()
    await reader.cancel(new Error('enough'))
    expect(await reason).toMatchObject({ message: 'enough' })
    expect((await pending).done).toBe(true)
  })

  it.each(['text', new ArrayBuffer(3), 5, null])('fails for chunks such as %o', async (chunk) => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(chunk as unknown as Uint8Array)
        controller.close()
      },
    })
    const sent = new Response(readableFromPort(sendStream(stream))).arrayBuffer()
    await expect(sent).rejects.toThrow()
  })
})

describe('configure()', () => {
  beforeEach(() => void vi.stubGlobal('location', new URL('https://app.test/deep/page.html')))
  afterEach(() => {
    configure({})
    vi.unstubAllGlobals()
  })

  it.each([
    [{}, '/holdall-sw.js', '/holdall/', 'classic'],
    [{ serviceWorker: '/sw/x.js' }, '/sw/x.js', '/sw/holdall/', 'classic'],
    [{ serviceWorker: 'x.js' }, '/deep/x.js', '/deep/holdall/', 'classic'],
    [{ serviceWorker: new URL('https://app.test/x.js') }, '/x.js', '/holdall/', 'classic'],
    [{ serviceWorker: { url: '/x.js', scope: '/' } }, '/x.js', '/', 'classic'],
    [{ serviceWorker: { scope: './' } }, '/holdall-sw.js', '/deep/', 'classic'],
    [{ serviceWorker: { url: '/x.js', type: 'module' } } as const, '/x.js', '/holdall/', 'module'],
  ])('%j registers %s for %s', (configuration, url, scope, type) => {
    configure(configuration)
    const place = serviceWorkerLocation()
    expect([place.url.pathname, place.scope.pathname, place.type]).toEqual([url, scope, type])
  })

  it('starts the worker that it is told to', () => {
    const started: unknown[] = []
    class Worker {
      constructor(...given: unknown[]) {
        started.push(given)
      }
    }
    vi.stubGlobal('Worker', Worker)
    const made = new Worker()
    started.splice(0)
    configure({ worker: () => made as unknown as globalThis.Worker })
    expect(startWorker()).toBe(made)
    configure({ worker: '/worker.js' })
    startWorker()
    expect(started).toEqual([['/worker.js', { type: 'module', name: 'holdall' }]])
  })
})

describe('loaded()', () => {
  it('gives what was loaded', async () => {
    expect(await loaded(Promise.resolve(5))).toBe(5)
  })

  it('says what to do about what could not be', async () => {
    const failure = loaded(Promise.reject(new TypeError('Failed to fetch')))
    await expect(failure).rejects.toMatchObject({ code: 'load-failed' })
    await expect(failure).rejects.toThrow('(Failed to fetch); check the connection, and reload')
  })
})
