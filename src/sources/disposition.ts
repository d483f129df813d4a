/** The file name in a `Content-Disposition` field. */

/** `filename*` (RFC 8187), else `filename`, as RFC 6266 §4.3 has it; `undefined` if there is none. */
export function dispositionName(field: string | null): string | undefined {
  if (field === null) return undefined
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(field)?.[1]
  if (extended !== undefined) {
    try {
      return decodeURIComponent(extended)
    } catch {
      // Not UTF-8 after all: the plain one is there for that.
    }
  }
  const [, quoted, token] =
    /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))/i.exec(field) ?? []
  return quoted?.replace(/\\(.)/g, '$1') ?? token
}
