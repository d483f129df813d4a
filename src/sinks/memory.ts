/** An archive as a Blob, up to a limit: what is left where there is nothing better. */

import { HoldallError } from '../errors.ts'
import { orAborted } from '../sources/patience.ts'
import { messageOf } from '../sources/thrown.ts'

export interface MemoryLimit {
  /** In bytes. */
  readonly limit: number
  /** Why nothing better was taken. */
  readonly because: HoldallError | undefined
}

/**
 * Makes sure that an archive of `length` bytes may be held in memory.
 *
 * @throws {HoldallError} `too-large-for-memory`.
 */
export function checkLength(length: number | undefined, limit: MemoryLimit): void {
  if (length !== undefined && length > limit.limit) throw tooLarge(limit, length)
}

/**
 * The whole of `archive`, in memory or where the browser keeps its Blobs.
 *
 * @param signal Ends the reading, with its reason.
 * @param limit For an archive whose length may not have been known.
 * @throws {HoldallError} `too-large-for-memory`; `sink-failed`, if there is no room; what errors the archive, as it is.
 */
export async function collectBlob(
  archive: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
  limit?: MemoryLimit,
): Promise<Blob> {
  let bytes = 0
  /** What fails the archive: browsers say no more of a body that fails than "Failed to fetch". */
  let failure: unknown
  const reader = archive.getReader()
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (done) return controller.close()
          bytes += value.byteLength
          if (limit !== undefined && bytes > limit.limit) throw tooLarge(limit)
          controller.enqueue(value)
        } catch (error) {
          failure = error
          throw error
        }
      },
    },
    { highWaterMark: 0 },
  )
  const headers = { 'Content-Type': 'application/zip' }
  try {
    return await orAborted(readable(new Response(body, { headers })), signal)
  } catch (cause) {
    const error = failure ?? (signal.aborted ? signal.reason : noRoom(cause))
    reader.cancel(error).catch(() => undefined) // it may be what has failed
    throw error
  }
}

/** A browser may give a Blob that it has no room for: then what is in it cannot be read. */
async function readable(response: Response): Promise<Blob> {
  const blob = await response.blob()
  await blob.slice(-1).arrayBuffer()
  return blob
}

function noRoom(cause: unknown): HoldallError {
  const message = `Cannot hold the archive: the browser has no room for it (${messageOf(cause)}); pack fewer files at once, or have it saved to a file`
  return new HoldallError('sink-failed', message, {}, { cause })
}

function tooLarge({ limit, because }: MemoryLimit, length?: number): HoldallError {
  const what = length === undefined ? 'it passed' : `its ${length} bytes are more than`
  const why = because === undefined ? '' : `. No better place was to be had: ${because.message}`
  return new HoldallError(
    'too-large-for-memory',
    `Cannot hold the archive in memory: ${what} the ${limit} bytes that memoryLimit allows; pack fewer files at once, or raise the limit${why}`,
    { limit, ...(length !== undefined && { length }) },
    { cause: because },
  )
}
