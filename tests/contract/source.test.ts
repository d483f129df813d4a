import { afterAll } from 'vitest'
import { parseData } from '../../src/manifest/data.ts'
import type { DataOrThunk, SourceInput } from '../../src/manifest/types.ts'
import { crc32 } from '../../src/zip/crc32.ts'
import { read } from '../sources/context.ts'
import { localServer, serveBytes, type LocalServer } from '../sources/local-server.ts'
import { behavesLikeASource, type Hanging, type Make, type Source } from './source.ts'
import { deferred } from './stream.ts'

type Bytes = Uint8Array<ArrayBuffer>

const FILE = /"file\.bin"/

/** @param bytes Those of it, where it must prove to be what was read up to a position. */
const sourceOf = (source: () => SourceInput, bytes = new Uint8Array(0)): Source => ({
  open: (position, signal) =>
    read(source(), position, { signal, crcTaken: () => crc32(bytes.subarray(0, position)) }),
})

const dataSource = (data: DataOrThunk): Source => sourceOf(() => parseData(data, 'file.bin', 0))

/** A stream that gives `first`, and then what `then` does. */
function streamOf(
  first: Bytes,
  then: (controller: ReadableStreamDefaultController<Bytes>) => void | Promise<void>,
  { type, cancel }: { type?: 'bytes'; cancel?: () => void } = {},
): ReadableStream<Bytes> {
  const source = {
    start: (controller: ReadableStreamDefaultController<Bytes>) => {
      if (first.length > 0) controller.enqueue(first.slice())
    },
    pull: then,
    ...(cancel && { cancel }),
  }
  return new ReadableStream((type === undefined ? source : { ...source, type }) as typeof source)
}

function hangingStream(
  first: Bytes,
  type?: 'bytes',
): { data: ReadableStream<Bytes>; closed: Promise<unknown> } {
  const { promise: closed, resolve: close } = deferred<unknown>()
  const cancel = (): void => close(undefined)
  return {
    data: streamOf(first, () => new Promise(() => undefined), { ...(type && { type }), cancel }),
    closed,
  }
}

function failingStream(first: Bytes, why: string, type?: 'bytes'): ReadableStream<Bytes> {
  return streamOf(first, () => Promise.reject(new Error(why)), { ...(type && { type }) })
}

/** Streams of every kind as `wrap` makes them sources. */
function streams(wrap: (data: () => ReadableStream<Bytes>) => DataOrThunk, type?: 'bytes'): Make {
  const once = (data: ReadableStream<Bytes>): DataOrThunk => wrap(() => data)
  return {
    of: (bytes) => dataSource(once(new Blob([bytes]).stream() as ReadableStream<Bytes>)),
    hanging: (first): Hanging => {
      const { data, closed } = hangingStream(first, type)
      return { ...dataSource(once(data)), closed }
    },
    failing: (first, why) => dataSource(once(failingStream(first, why, type))),
    seeks: false,
    names: [FILE, /the cable was cut/],
  }
}

/** Data as `wrap` makes it sources. */
const whole = (wrap: (bytes: Bytes) => DataOrThunk, atHand = false): Make => ({
  of: (bytes) => dataSource(wrap(bytes)),
  seeks: true,
  atHand,
})

const servers: LocalServer[] = []
afterAll(async () => {
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()))
})

async function serve(...answer: Parameters<typeof localServer>): Promise<LocalServer> {
  const server = await localServer(...answer)
  servers.push(server)
  return server
}

/** Files behind a URL, read with `open`. */
function overHttp(open: (url: string, bytes?: Uint8Array) => Source): Omit<Make, 'seeks'> {
  return {
    of: async (bytes) => {
      const server = await serve((request, response) => serveBytes(request, response, bytes))
      return open(`${server.origin}/file`, bytes)
    },
    hanging: async (first) => {
      const server = await serve((_, response) => void response.write(first))
      const { promise: closed, resolve: close } = deferred<unknown>()
      const { answer } = server
      server.answer = (request, response) => {
        response.once('close', () => close(undefined))
        answer(request, response)
      }
      return { ...open(`${server.origin}/file`), closed }
    },
    failing: async (first) => {
      let cut = (): void => undefined
      const server = await serve((_, response) => {
        response.writeHead(200, { 'Content-Length': 5000 })
        response.write(first)
        cut = () => void response.destroy()
      })
      const source = open(`${server.origin}/file`)
      return {
        async *open(position, signal) {
          for await (const chunk of source.open(position, signal)) {
            yield chunk
            cut() // the reader has it, and asks for more
          }
        },
      }
    },
  }
}

/** The platform's own, closed and aborted by hand. */
const natively = (url: string): Source => ({
  async *open(_position, signal) {
    const { body } = await fetch(url, { signal })
    yield* body!
  },
})

behavesLikeASource('the body of a response (the reference)', {
  ...overHttp(natively),
  seeks: false,
})

behavesLikeASource('a URL', {
  ...overHttp((url, bytes) =>
    sourceOf(() => ({ type: 'url', url }), bytes as Uint8Array<ArrayBuffer>),
  ),
  seeks: true,
  names: [FILE, /http:\/\/127\.0\.0\.1:\d+\/file/, /it broke off/],
})

behavesLikeASource(
  'a stream',
  streams((data) => data()),
)
behavesLikeASource(
  'a byte stream',
  streams((data) => data(), 'bytes'),
)
behavesLikeASource(
  'a function that gives a stream',
  streams((data) => data),
)
behavesLikeASource(
  'a function that gives a stream in time',
  streams((data) => async () => data()),
)

behavesLikeASource(
  'bytes',
  whole((bytes) => bytes, true),
)
behavesLikeASource(
  'a buffer',
  whole((bytes) => bytes.buffer, true),
)
behavesLikeASource(
  'a Blob',
  whole((bytes) => new Blob([bytes])),
)
behavesLikeASource(
  'a function that gives bytes',
  whole((bytes) => () => bytes, true),
)
behavesLikeASource(
  'a function that gives a Blob',
  whole((bytes) => () => new Blob([bytes])),
)
behavesLikeASource('a function that gives a new stream each time', {
  of: (bytes) => dataSource(() => new Blob([bytes]).stream()),
  seeks: false,
})

behavesLikeASource('a file of a file system', {
  of: (bytes) => {
    const getFile = (): Promise<File> => Promise.resolve(new File([bytes], 'x'))
    const handle = { kind: 'file', getFile } as unknown as FileSystemFileHandle
    return sourceOf(() => ({ type: 'handle', handle }), bytes)
  },
  seeks: true,
})
