/** Hands a finished archive to the browser's own downloads, by a link to it. */

/** How long a browser may take to begin, for it may ask its user first, in ms. */
const BEGUN_WITHIN = 5 * 60_000

/** The slowest disk that is waited for, in bytes a millisecond. */
const SLOWEST = 10_000

/** How long a browser may need to copy `bytes` of them to where its downloads go, in ms. */
export function takenWithin(bytes: number): number {
  return BEGUN_WITHIN + bytes / SLOWEST
}

/**
 * Has the browser download `file`.
 *
 * @returns When the browser surely has it, for no event tells: the file must be there until then.
 */
export function saveByLink(file: Blob, name: string): Promise<void> {
  const link = document.createElement('a')
  link.hidden = true
  link.href = URL.createObjectURL(file)
  link.download = name === '' ? 'archive.zip' : name
  document.body.append(link)
  link.click()
  link.remove()
  return new Promise((resolve) => {
    setTimeout(() => {
      URL.revokeObjectURL(link.href)
      resolve()
    }, takenWithin(file.size))
  })
}
