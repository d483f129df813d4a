/** Files that an archive may do without: whether they can be had is told before a byte of them is in it. */

import { HoldallError, isHoldallError, type ErrorCode } from '../errors.ts'
import { isNotAllowed } from '../manifest/permission.ts'
import { begun, WHOLE_UP_TO } from '../sources/ahead.ts'
import { wholeIfSmall } from '../sources/read-stream.ts'
import { crc32 } from '../zip/crc32.ts'
import type { Content, OpenContent } from '../zip/encode.ts'
import { crcMismatch, sizeMismatch } from '../zip/mismatch.ts'
import type { Omission } from '../zip/omissions.ts'
import type { ArchivePlan } from '../zip/plan.ts'

/** A file that is not in the archive, and why. */
export interface SkippedFile {
  /** Its place in the list of files, from 0. */
  readonly index: number
  /** The name that it would have in the archive. */
  readonly name: string
  readonly code: ErrorCode
  readonly message: string
}

/** Files that an archive was made without so far, those too that were left out before its checkpoint. */
export function skippedFiles(
  { entries }: ArchivePlan,
  omissions: readonly Omission[],
): SkippedFile[] {
  return omissions.map(({ entry: index, reason: message }) => {
    const { name } = entries[index]!
    return { index, name, code: 'source-failed', message }
  })
}

/**
 * `open`, which says that an entry is missing where it would fail before the first byte, and in a small file, before
 * the last.
 *
 * @param skipped Told of each.
 */
export function orMissing(
  open: (index: number, position: number) => Content | Promise<Content>,
  { entries }: ArchivePlan,
  signal: AbortSignal,
  skipped: (file: SkippedFile) => void,
): OpenContent {
  return async (index, position, mayBeMissing) => {
    if (!mayBeMissing) return open(index, position)
    const entry = entries[index]!
    try {
      const begins = await begun(open(index, 0))
      const isKnown = entry.size !== undefined || begins instanceof Uint8Array
      const content = isKnown ? begins : await wholeIfSmall(begins as Chunks, WHOLE_UP_TO)
      if (content instanceof Uint8Array) {
        const { size = content.length, crc32: crc } = entry
        if (content.length !== size) throw sizeMismatch(entry, content.length)
        if (crc !== undefined && crc32(content) !== crc) throw crcMismatch(entry, crc32(content))
      }
      return content
    } catch (error) {
      signal.throwIfAborted()
      // What its user can give again in a click is not missing: the job can be gone on with then.
      if (!isHoldallError(error) || isNotAllowed(error)) throw error
      skipped({ index, name: entry.name, code: error.code, message: error.message })
      return { missing: withoutQuery(error) }
    }
  }
}

type Chunks = AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>

/** What becomes part of the archive may be passed on: no signature or token in a URL goes with it. */
function withoutQuery({ message, detail }: HoldallError): string {
  const url = 'url' in detail ? detail.url : undefined
  // by a function, as in a text to put there $ means something, and paths may have it
  return url === undefined ? message : message.replaceAll(url, () => url.replace(/[?#].*/s, ''))
}

/** `error`, of a file that the archive cannot do without any more. */
export function begunAlready(error: HoldallError): HoldallError {
  const message = `${error.message}; a part of it is in the archive, so it could not be left out`
  return new HoldallError(error.code, message, error.detail, { cause: error })
}
