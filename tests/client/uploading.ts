/** What tests of uploads share: a page, a store that answers over real connections, and a target there. */

import { vi } from 'vitest'
import {
  zip,
  type FileInput,
  type UploadPart,
  type UploadTarget,
  type ZipOptions,
} from '../../src/index.ts'
import type { ObjectStore } from '../sinks/object-store.ts'
import { noise } from '../zip/archive.ts'
import { dropRequests, LocalRequest } from './local-request.ts'
import { inAPage } from './worker.ts'

/** Bytes of a part. */
export const PART = 256 * 1024

export const CONTENT = [noise(700_000, 1), noise(500_000, 2), noise(10, 3)]

/** Some five parts. */
export const FILES: FileInput[] = CONTENT.map((data, index) => ({
  name: `${index}.bin`,
  data,
  lastModified: 1e12,
}))

/** Impatient, so that tests are not. */
export const OPTIONS: ZipOptions = {
  name: 'a.zip',
  retry: { attempts: 4, delay: 1, silence: 5000 },
}

/** The number of the page that is open. */
let page = 0

/** Opens a page in place of the one before, whose uploads come to nothing. */
export function openPage(): void {
  page++
  dropRequests()
  inAPage()
  vi.stubGlobal('XMLHttpRequest', LocalRequest)
  for (const name of ['addEventListener', 'removeEventListener']) vi.stubGlobal(name, vi.fn())
}

/** @param signed Gets the parts that were asked a request for, in order. */
export function targetAt(
  store: ObjectStore,
  overrides: Partial<UploadTarget> = {},
  signed: UploadPart[] = [],
): UploadTarget {
  const mine = page
  return {
    id: { key: 'a.zip', uploadId: 'u1' },
    partSize: PART,
    part: (part) => {
      if (page !== mine) return new Promise(() => undefined)
      signed.push(part)
      return `${store.url}?part=${part.number}&signature=${signed.length}`
    },
    complete: (parts) => store.complete(parts),
    abort: () => store.abort(),
    ...overrides,
  }
}

/** The archive of `files`, as it is when it goes nowhere. */
export async function whole(files: FileInput[] = FILES): Promise<Buffer> {
  return Buffer.from(await (await zip(files).blob()).arrayBuffer())
}

/** Waits until `look` fails no more: the first test loads the library, and the machine may be busy. */
export function soon(look: () => unknown): Promise<unknown> {
  return vi.waitFor(look, { timeout: 8000 })
}
