/** The header fields of a response that is an archive to be saved. */

/** Characters that RFC 8187 §3.2.1 lets stand as they are (attr-char). */
const NOT_ATTR_CHAR = /[^A-Za-z0-9!#$&+.^_`|~-]/g

/**
 * `attachment` with `name`, which may hold any text (RFC 6266 §4.3, with the encoding of RFC 8187).
 *
 * Path separators, quotes and control characters become `_` first, so that nothing in a name can
 * begin another parameter or field, or leave the folder for downloads.
 */
export function contentDisposition(name: string): string {
  const safe = fileName(name)
  const ascii = ended(
    safe
      .normalize('NFKD')
      .replace(/\p{Mark}/gu, '') // the accents that letters were parted from
      .replace(/[^\x20-\x7e]|["%*/:<>?\\|]/gu, '_'), // full-width forms are quotes and slashes by now
  )
  if (ascii === safe) return `attachment; filename="${safe}"`
  const encoded = encodeURIComponent(safe)
    .replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(NOT_ATTR_CHAR, (character) => (character === '%' ? character : '_'))
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

/** `name` as one that every system takes for a file: no separators, no controls, no dots at the ends. */
function fileName(name: string): string {
  const safe = name
    .toWellFormed()
    .normalize('NFC')
    // oxlint-disable-next-line no-control-regex
    .replace(/[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"\\/:*?<>|]/g, '_')
  return ended(safe)
}

/** `name` without dots and spaces at its ends; another if it is nothing else. */
function ended(name: string): string {
  const trimmed = name.replace(/^[. ]+|[. ]+$/g, '')
  return trimmed === '' ? 'archive.zip' : trimmed
}

/** The fields for an archive called `name`, of `length` bytes where that is known. */
export function archiveHeaders(name: string, length: number | undefined): Headers {
  const headers = new Headers({
    'Content-Type': 'application/zip',
    'Content-Disposition': contentDisposition(name),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    // Without these, pages under COEP `require-corp` get no download in Firefox and WebKit.
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
  })
  if (length !== undefined) headers.set('Content-Length', String(length))
  return headers
}
