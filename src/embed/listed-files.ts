/** Files of a manifest that the page has read itself: it gives them no more than if the frame had read it. */

import type { FileInput, UrlFile } from '../manifest/types.ts'
import { MANIFEST } from '../widget/manifest.ts'

/** Whether the manifest that lists `file` is of another origin than `origin`: then it names no file of that. */
export function isOfStranger(file: FileInput, origin: string): boolean {
  const manifest = manifestOf(file)
  return manifest !== undefined && new URL(manifest).origin !== origin
}

/** `file` as the frame would ask for it: that takes `'include'` of a manifest for `'omit'`. */
export function asListed(file: FileInput, origin: string): FileInput {
  if (manifestOf(file) === undefined) return file
  const listed = file as UrlFile
  const isOfPage = new URL(listed.url).origin === origin
  return listed.credentials === 'include' && !isOfPage ? { ...listed, credentials: 'omit' } : file
}

function manifestOf(file: FileInput): string | undefined {
  if (typeof file !== 'object' || file === null) return undefined
  return (file as { readonly [MANIFEST]?: string })[MANIFEST]
}
