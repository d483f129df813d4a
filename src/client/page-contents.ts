/** Contents that stay with the page until its worker asks for them: functions, streams. Loaded when there are some. */

import { checkUnusedStream } from '../manifest/checks.ts'
import { bodyOf } from '../manifest/data.ts'
import type { DataFile, DataOrThunk, FileInput } from '../manifest/types.ts'
import { isHoldallError } from '../errors.ts'
import { sendStream } from './send-stream.ts'

/**
 * Takes charge of the streams of `batch`: where `signal` aborts for an error of the job, they are cancelled with that, even
 * if nobody has asked for them yet.
 *
 * @throws {HoldallError} `stream-used`.
 */
export function keepStreams(batch: readonly FileInput[], signal: AbortSignal): void {
  for (const input of batch) {
    const { data, name = '' } = Object(input) as Partial<DataFile>
    if (!(data instanceof ReadableStream)) continue
    checkUnusedStream(data, name)
    signal.addEventListener('abort', () => {
      if (!isHoldallError(signal.reason)) return
      data.cancel(signal.reason).catch(() => undefined) // one that is locked is left to who reads it
    })
  }
}

/**
 * What a page can send, and what is to be transferred with it, which strings and Blobs cannot be. `null` is what is no
 * content: the worker refuses it, and knows its file.
 */
export type OpenedContent =
  | readonly [value: Blob | string | null]
  | readonly [value: Uint8Array<ArrayBuffer> | MessagePort, transfer: Transferable[]]

/**
 * The content itself, whose turn has come; a stream, or the body of a response, as the reading end of a port.
 *
 * @param signal Ends streams.
 * @throws {HoldallError} `stream-used`; what a function throws.
 */
export async function openContent(
  content: DataOrThunk,
  signal: AbortSignal,
): Promise<OpenedContent> {
  const given: unknown = typeof content === 'function' ? await content() : content
  const data = given instanceof Response ? bodyOf(given) : given
  if (data instanceof Blob || typeof data === 'string') return [data]
  if (data instanceof ReadableStream) {
    const port = sendStream(data, signal)
    return [port, [port]]
  }
  const isView = ArrayBuffer.isView(data)
  if (!isView && !(data instanceof ArrayBuffer)) return [null]
  const copy = isView
    ? new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength).slice()
    : new Uint8Array(data.slice())
  return [copy, [copy.buffer]]
}
