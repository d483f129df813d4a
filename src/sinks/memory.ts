/** An archive as a Blob, up to a limit: what is left where there is nothing better. */

import { HoldallError } from '../errors.ts'

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
 * @throws {HoldallError} `too-large-for-memory`; what errors the archive, as it is.
 */
export async function collectBlob(
  archive: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
  limit?: MemoryLimit,
): Promise<Blob> {
  let bytes = 0
  let failure: unknown
  const collecting = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (limit !== undefined && bytes > limit.limit) throw tooLarge(limit)
      controller.enqueue(chunk)
    },
  })
  const piped = archive.pipeTo(collecting.writable, { signal }).catch((error: unknown) => {
    failure = error
  })
  const headers = { 'Content-Type': 'application/zip' }
  try {
    return await new Response(collecting.readable, { headers }).blob()
  } catch (cause) {
    await piped
    throw failure ?? cause // Chromium's own error says no more than "Failed to fetch"
  }
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
