/** A store that takes an archive in parts, as the page knows it: S3 and those like it, Azure, a server of one's own. */

import type { HoldallError } from '../errors.ts'
import { invalidOption } from '../zip/option-checks.ts'

/** Where an archive is uploaded to: the multipart upload that a page has begun at a store. */
export interface UploadTarget {
  /**
   * What tells this upload from others at its store (an S3 key and `UploadId`, say). Kept with the job, so that a page
   * can make the target again after an interruption: anything that structured clone takes.
   */
  readonly id?: unknown
  /**
   * Bytes of each part but the last. S3, R2 and Google take none below 5 MiB. Default: 8 MiB, or as many as an archive
   * of known length needs to come in 10,000 parts, which is the most that they take.
   */
  readonly partSize?: number
  /**
   * Gives the request that puts a part in its place; a string or `URL` is for `PUT`. Asked for each part when its turn
   * comes, and again when the store refuses it (401, 403: an expired signature, say).
   */
  part(part: UploadPart): UploadRequest | string | URL | Promise<UploadRequest | string | URL>
  /**
   * Called when the store has all parts, so that it makes one object of them: the job is done when this is. One that is
   * cancelled meanwhile waits for it, for `retry.silence`, and is cancelled only if it fails.
   */
  complete(parts: readonly UploadedPart[]): unknown
  /**
   * Called when the job was cancelled, or failed so that nobody can go on with it, so that the store forgets its parts.
   * No request for a part is under way then. Not called of a job that was cancelled before `upload()`.
   */
  abort?(reason: HoldallError): unknown
}

/** A part of an archive that is to be uploaded. */
export interface UploadPart {
  /** Its place among them, from 1. */
  readonly number: number
  /** Its first byte in the archive. */
  readonly offset: number
  /** In bytes. */
  readonly size: number
  /** Its bytes, for a signature of their digest. */
  readonly body: Blob
}

/** How to put a part in its place. */
export interface UploadRequest {
  readonly url: string | URL
  /** Default: `PUT`. */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Default: `same-origin`. */
  readonly credentials?: 'same-origin' | 'include'
}

/** A part that the store has. */
export interface UploadedPart {
  /** Its place among them, from 1. */
  readonly number: number
  /** In bytes. */
  readonly size: number
  /** Its entity tag, as it was sent; absent if the store does not let pages read it (`Access-Control-Expose-Headers`). */
  readonly etag?: string
}

const MIB = 1024 * 1024

const PART_SIZE = 8 * MIB

/** S3, R2 and Google take no more parts; Azure takes 50,000. */
export const MOST_PARTS = 10_000

/**
 * Makes sure that `target` is one.
 *
 * @throws {HoldallError} `invalid-option`.
 */
export function checkTarget(target: UploadTarget): void {
  const { id, partSize, part, complete, abort } = Object(target) as Partial<UploadTarget>
  if (typeof part !== 'function') throw invalidOption('target.part', 'a function', part)
  if (typeof complete !== 'function') throw invalidOption('target.complete', 'a function', complete)
  if (abort !== undefined && typeof abort !== 'function') {
    throw invalidOption('target.abort', 'a function', abort)
  }
  if (partSize !== undefined && !(Number.isSafeInteger(partSize) && partSize > 0)) {
    throw invalidOption('target.partSize', 'a number of bytes', partSize)
  }
  try {
    structuredClone(id)
  } catch {
    throw invalidOption('target.id', 'plain data, as it is kept with the job', id)
  }
}

/** Bytes of each part but the last, of an archive of `length` bytes where that is known. */
export function partSizeFor({ partSize = PART_SIZE }: UploadTarget, length = 0): number {
  const fits = length <= partSize * MOST_PARTS
  return fits ? partSize : Math.ceil(length / MOST_PARTS / MIB) * MIB
}
