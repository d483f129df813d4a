/** What a list says of a file, and what tells it from others. */

import type { FileInput } from '../manifest/types.ts'

/** What tells a file from others, however often it is listed anew: its URL and name, or itself. */
export function keyOf(file: FileInput): unknown {
  if (typeof file === 'string') return file
  if (file instanceof URL) return file.href
  return 'url' in file ? `${String(file.url)} ${file.name ?? ''}` : file
}

/** What to call a file in a list. */
export function nameOf(file: FileInput): string {
  if (typeof file === 'object' && 'name' in file && file.name) return file.name
  const url = typeof file === 'object' && 'url' in file ? file.url : file
  if (typeof url !== 'string' && !(url instanceof URL)) return ''
  let last = String(url)
  try {
    const path = new URL(url, document.baseURI).pathname.replace(/\/+$/, '')
    last = path.slice(path.lastIndexOf('/') + 1)
    return decodeURIComponent(last)
  } catch {
    return last // a percent sign that means itself; or no URL at all, as a job that is given it says
  }
}

/** In bytes, where it is known. */
export function sizeOf(file: FileInput): number | undefined {
  return typeof file === 'object' && 'size' in file ? file.size : undefined
}
