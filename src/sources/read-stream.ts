/** The chunks of a byte stream, in buffers of about a megabyte where the platform can fill ours. */

import { BufferPool } from '../zip/buffer-pool.ts'
import { whenAborted } from './when-aborted.ts'

/** The largest buffer that a read is asked to fill, in bytes. */
const LARGEST = 1024 * 1024
const SMALLEST = 64 * 1024

/** A read that took less than this was waiting for nobody: the next may be larger. In ms. */
const FAST = 20

/** What is known of a stream and its reader. */
export interface ReadOptions {
  /**
   * Whether each chunk is done with when the next is asked for: then its buffer is used again. Else every
   * chunk owns its buffer. Default: false.
   */
  readonly copied?: boolean
  /**
   * Whether the stream may fall from fast to a trickle, which a large read waits for as if it were
   * silent. Then it is never read in large pieces. Default: false.
   */
  readonly trickles?: boolean
  /** Where buffers come from. Default: they are the stream's own. */
  readonly buffers?: BufferPool
}

/**
 * Yields what `stream` gives until its end.
 *
 * Byte streams are read into buffers of our own ("BYOB") that grow from 64 KiB to 1 MiB while the
 * stream is fast, and shrink when it is slow, so that a slow one is still passed on as it comes. Other
 * streams, and all in engines without BYOB readers (WebKit), give the chunks that they have.
 *
 * The stream is cancelled if the loop over it ends early or `signal` aborts, also during a read.
 */
export async function* readStream(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  { copied = false, trickles = false, buffers = new BufferPool() }: ReadOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const byob = byobReader(stream)
  const reader = byob ?? stream.getReader()
  // A stream that failed rejects its cancellation with the error that the read under way gives too.
  const cancel = (): void => void reader.cancel(signal.reason).catch(() => undefined)
  const forget = whenAborted(signal, cancel)
  try {
    signal.throwIfAborted()
    for await (const chunk of byob
      ? readIntoBuffers(byob, { copied, trickles, buffers })
      : readAsGiven(reader)) {
      signal.throwIfAborted()
      yield chunk
    }
    signal.throwIfAborted()
  } finally {
    forget()
    cancel() // nothing happens to a stream that has ended
    reader.releaseLock()
  }
}

function byobReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return stream.getReader({ mode: 'byob' })
  } catch {
    return undefined // not a byte stream, or an engine without byte streams
  }
}

async function* readIntoBuffers(
  reader: ReadableStreamBYOBReader,
  { copied, trickles, buffers }: Required<ReadOptions>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  for (let length = SMALLEST; ;) {
    const before = performance.now()
    // A slow stream is passed on as it comes. Engines that do not know `min` do that always.
    const min = length === SMALLEST ? 1 : length
    const options = { min } as unknown as ReadableStreamBYOBReaderReadOptions
    const view = new Uint8Array(buffers.take(length))
    // A read takes its buffer, and gives it back with the bytes in it.
    const { done, value } = await reader.read(view, options)
    const isEmpty = value === undefined || value.length === 0
    if (!isEmpty) yield value
    if (value !== undefined && (copied || isEmpty)) buffers.give(value.buffer)
    if (done) return
    const slow = performance.now() - before >= FAST
    length = slow || trickles ? Math.max(SMALLEST, length / 2) : Math.min(LARGEST, length * 2)
  }
}

async function* readAsGiven(
  reader: ReadableStreamBYOBReader | ReadableStreamDefaultReader<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  for (;;) {
    const { done, value } = await (reader as ReadableStreamDefaultReader<Uint8Array>).read()
    if (done) return
    if (!((value as unknown) instanceof Uint8Array)) throw new TypeError('it gave no Uint8Array')
    yield value as Uint8Array<ArrayBuffer>
  }
}

type Chunks = AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>

/**
 * `chunks` of unknown length in one piece, if they come to no more than `most` bytes; else as chunks, of which the
 * first ones are read.
 */
export async function wholeIfSmall(
  chunks: Chunks,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | Chunks> {
  const bytes = new Uint8Array(most)
  for (let length = 0; ;) {
    const { done, value } = await chunks.next()
    if (done === true) return bytes.slice(0, length)
    // Copied, as its buffer may be filled again with the next; but for the last, which may be of any length.
    if (length + value.length > most) return after([bytes.subarray(0, length), value], chunks)
    bytes.set(value, length)
    length += value.length
  }
}

/** `read`, and then what there is left of `chunks`. */
export async function* after(read: Iterable<Uint8Array<ArrayBuffer>>, chunks: Chunks): Chunks {
  try {
    yield* read
    yield* chunks
  } finally {
    await chunks.return()
  }
}

/**
 * All of `chunks` in one array, which is of `size` bytes unless they come to another length.
 *
 * @param taken Called with each of them.
 */
export async function collect(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
  taken: (chunk: Uint8Array) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(size)
  let length = 0
  for await (const chunk of chunks) {
    if (length + chunk.length > size) {
      // One byte too many is enough to know; the encoder names the file and both numbers.
      return new Uint8Array(size + 1)
    }
    bytes.set(chunk, length)
    taken(chunk)
    length += chunk.length
  }
  if (length < size) bytes = bytes.slice(0, length)
  return bytes
}
