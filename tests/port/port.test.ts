import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { HoldallError } from '../../src/errors.ts'
import { pumpToPort, type PumpOptions } from '../../src/port/pump.ts'
import type { ReaderMessage, WriterMessage } from '../../src/port/protocol.ts'
import { readableFromPort, WINDOW } from '../../src/port/readable.ts'

const MIB = 2 ** 20

type Chunk = Uint8Array<ArrayBuffer>

const opened: MessagePort[] = []
afterEach(() => {
  for (const port of opened.splice(0)) port.close()
})

function channel(): MessageChannel {
  const made = new MessageChannel()
  opened.push(made.port1, made.port2)
  return made
}

async function* listOf(...chunks: Chunk[]): AsyncGenerator<Chunk, void, void> {
  yield* chunks
}

/** All that `chunks` become at the other end. */
async function carried(chunks: Chunk[], options?: PumpOptions): Promise<Chunk[]> {
  const { port1, port2 } = channel()
  const pumped = pumpToPort(listOf(...chunks), port1, options)
  const read: Chunk[] = []
  for await (const chunk of readableFromPort(port2)) read.push(chunk)
  await pumped
  return read
}

/** The messages that come over `port`, one by one. */
function messages<T>(port: MessagePort): () => Promise<T> {
  const queue: T[] = []
  let wake: () => void = () => undefined
  port.onmessage = ({ data }: MessageEvent<T>) => {
    queue.push(data)
    wake()
  }
  return async () => {
    while (queue.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return queue.shift()!
  }
}

describe('pumpToPort() with transfer', () => {
  it.each([1, 1000, 2 * MIB])('gives buffers of %d bytes away', async (length) => {
    const chunk = new Uint8Array(length).fill(7)
    const [read] = await carried([chunk], { transfer: true })
    expect(chunk.buffer.byteLength).toBe(0)
    expect(read!.length).toBe(length)
    expect(read!.every((byte) => byte === 7)).toBe(true)
  })

  it('copies views, and leaves what they are of as it is', async () => {
    const buffer = new Uint8Array([0, 1, 2, 3, 4, 5])
    const views = [buffer.subarray(1, 3), buffer.subarray(0, 2), buffer.subarray(4)]
    const read = await carried(views, { transfer: true })
    expect(read).toEqual([new Uint8Array([1, 2]), new Uint8Array([0, 1]), new Uint8Array([4, 5])])
    expect(read.map((chunk) => chunk.buffer.byteLength)).toEqual([2, 2, 2])
    expect(buffer).toEqual(new Uint8Array([0, 1, 2, 3, 4, 5]))
  })

  it('cuts what is large in pieces that own their buffers', async () => {
    const chunk = new Uint8Array(5 * MIB).fill(1)
    const read = await carried([chunk], { transfer: true })
    expect(read.map(({ length }) => length)).toEqual([2 * MIB, 2 * MIB, MIB])
    expect(read.every(({ length, buffer }) => length === buffer.byteLength)).toBe(true)
  })
})

describe('a reader that is done with a chunk', () => {
  it('gives its buffer back with what it asks for next', async () => {
    const { port1, port2 } = channel()
    const back: number[] = []
    const chunks = Array.from({ length: 12 }, () => new Uint8Array(MIB))
    const pumped = pumpToPort(listOf(...chunks), port1, {
      transfer: true,
      spent: (buffer) => back.push(buffer.byteLength),
    })
    const spent: ArrayBuffer[] = []
    for await (const chunk of readableFromPort(port2, { spent: () => spent.splice(0) })) {
      spent.push(chunk.buffer)
    }
    await pumped
    expect(back.length).toBeGreaterThan(6)
    expect(new Set(back)).toEqual(new Set([MIB]))
  })

  it.each([7, 'all', [7], [{}], [undefined]])('is not understood if it gives %j', async (spent) => {
    const { port1, port2 } = channel()
    const pumped = pumpToPort(listOf(new Uint8Array(1)), port1)
    port2.postMessage({ type: 'pull', bytes: 1, spent })
    await expect(pumped).rejects.toMatchObject({ code: 'worker-failed' })
  })
})

describe('pumpToPort() without transfer', () => {
  it('leaves the caller’s buffers as they are', async () => {
    const chunk = new Uint8Array(1000).fill(7)
    const [read] = await carried([chunk])
    expect(chunk).toEqual(new Uint8Array(1000).fill(7))
    expect(read).toEqual(chunk)
  })

  it('lets the caller use a buffer again', async () => {
    const { port1, port2 } = channel()
    const buffer = new Uint8Array(3)
    const pumped = pumpToPort(
      (async function* () {
        for (const value of [1, 2, 3]) yield buffer.fill(value)
      })(),
      port1,
    )
    const read: number[] = []
    for await (const chunk of readableFromPort(port2)) read.push(...chunk)
    expect(read).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3])
    await pumped
  })
})

describe('pumpToPort()', () => {
  it('makes nothing before it is asked', async () => {
    const { port1, port2 } = channel()
    let asked = false
    const chunks = (async function* () {
      asked = true
      yield new Uint8Array(1)
    })()
    const pumped = pumpToPort(chunks, port1)
    const next = messages<WriterMessage>(port2)
    expect(asked).toBe(false)
    const pull: ReaderMessage = { type: 'pull', bytes: 1 }
    port2.postMessage(pull)
    expect(await next()).toEqual({ type: 'chunk', bytes: new Uint8Array(1) })
    port2.postMessage(pull)
    expect(await next()).toEqual({ type: 'end' })
    await pumped
  })

  it('sends as much as it has credit for, and at most a piece more', async () => {
    const { port1, port2 } = channel()
    const given: number[] = []
    const chunks = (async function* () {
      for (let index = 0; index < 100; index++) {
        given.push(index)
        yield new Uint8Array(10)
      }
    })()
    const ending = new AbortController()
    const pumped = pumpToPort(chunks, port1, { signal: ending.signal })
    pumped.catch(() => undefined)
    const next = messages<WriterMessage>(port2)
    port2.postMessage({ type: 'pull', bytes: 25 } satisfies ReaderMessage)
    for (let count = 0; count < 3; count++) expect(await next()).toMatchObject({ type: 'chunk' })
    ending.abort(new Error('no more'))
    expect(await next()).toEqual({ type: 'error', error: { message: 'no more' } })
    await expect(pumped).rejects.toThrow('no more')
    expect(given).toHaveLength(3)
  })

  it('tells the reader of a failure, then its caller, and closes the port', async () => {
    const { port1, port2 } = channel()
    const error = new HoldallError('cancelled', 'Stop', { by: 'page' })
    const closed = once(port2, 'close')
    const pumped = pumpToPort(
      (async function* () {
        yield* []
        throw error
      })(),
      port1,
    )
    pumped.catch(() => undefined)
    await expect(readableFromPort(port2).getReader().read()).rejects.toMatchObject({
      name: 'HoldallError',
      code: 'cancelled',
      detail: { by: 'page' },
    })
    await expect(pumped).rejects.toBe(error)
    await closed
  })

  it('rejects with the reader’s reason, and closes what the chunks come from', async () => {
    const { port1, port2 } = channel()
    let closed = false
    const chunks = (async function* () {
      try {
        for (let count = 0; count < 20; count++) yield new Uint8Array(MIB)
      } finally {
        closed = true
      }
    })()
    const pumped = pumpToPort(chunks, port1)
    pumped.catch(() => undefined)
    const reader = readableFromPort(port2).getReader()
    await reader.read()
    await reader.cancel(new HoldallError('cancelled', 'Enough', { by: 'browser' }))
    await expect(pumped).rejects.toMatchObject({ code: 'cancelled', detail: { by: 'browser' } })
    expect(closed).toBe(true)
  })

  it('ends at once with a signal that was aborted before', async () => {
    const { port1, port2 } = channel()
    const reason = new Error('too late')
    const chunks = (async function* () {
      yield new Uint8Array(expect.fail('it was asked'))
    })()
    const pumped = pumpToPort(chunks, port1, { signal: AbortSignal.abort(reason) })
    pumped.catch(() => undefined)
    await expect(readableFromPort(port2).getReader().read()).rejects.toThrow('too late')
    await expect(pumped).rejects.toBe(reason)
  })
})

describe('pumpToPort() with a reserve', () => {
  it.each([0, 1 / 2, 3 / 4])(
    'of %s leaves that much unspent, and still sends all',
    async (part) => {
      const { port1, port2 } = channel()
      let made = 0
      const chunks = (async function* (): AsyncGenerator<Chunk, void, void> {
        while (made < 64) {
          made++
          yield new Uint8Array(MIB / 4)
        }
      })()
      const pumped = pumpToPort(chunks, port1, { reserve: () => part * WINDOW })
      const reader = readableFromPort(port2).getReader()
      for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate)
      expect(made * (MIB / 4)).toBeGreaterThanOrEqual((1 - part) * WINDOW)
      expect(made * (MIB / 4)).toBeLessThanOrEqual((1 - part) * WINDOW + MIB / 2)
      let read = 0
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        read += value.length
      }
      await pumped
      expect(read).toBe(16 * MIB)
    },
  )
})

describe('readableFromPort()', () => {
  it('grants its window at first, then in portions, never more than it has room for', async () => {
    const { port1, port2 } = channel()
    const next = messages<ReaderMessage>(port1)
    const reader = readableFromPort(port2).getReader()
    const send = (message: WriterMessage): void => port1.postMessage(message)
    const pull = async (): Promise<number> => {
      const message = await next()
      return message.type === 'pull' ? message.bytes : expect.fail(message.type)
    }
    let granted = await pull()
    expect(granted).toBe(WINDOW)
    let read = 0
    for (let count = 0; count < 40; count++) {
      send({ type: 'chunk', bytes: new Uint8Array(MIB / 4) })
      read += (await reader.read()).value!.length
      if (granted - read <= (WINDOW * 3) / 4) granted += await pull()
      expect(granted - read).toBeLessThanOrEqual(WINDOW)
      expect(granted - read).toBeGreaterThan(WINDOW / 2)
    }
    send({ type: 'end' })
    expect((await reader.read()).done).toBe(true)
  })

  it('drops what was under way when it is cancelled', async () => {
    const { port1, port2 } = channel()
    const next = messages<ReaderMessage>(port1)
    const stream = readableFromPort(port2)
    expect(await next()).toMatchObject({ type: 'pull' })
    port1.postMessage({ type: 'chunk', bytes: new Uint8Array(9) } satisfies WriterMessage)
    await stream.cancel(new Error('enough'))
    expect(await next()).toEqual({ type: 'cancel', error: { message: 'enough' } })
    expect((await stream.getReader().read()).done).toBe(true)
  })
})
