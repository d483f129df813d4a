/** The file name in a `Content-Disposition` field. */

/**
 * `filename*` (RFC 8187), else `filename`, as RFC 6266 §4.3 has it: of a path, the last part. `undefined` if there is
 * none, or an empty one.
 */
export function dispositionName(field: string | null): string | undefined {
  if (field === null) return undefined
  const name = extendedName(field) ?? plainName(field)
  return name?.slice(name.lastIndexOf('/') + 1) || undefined
}

function extendedName(field: string): string | undefined {
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(field)?.[1]
  // If it is no UTF-8 after all: the plain one is there for that.
  return extended === undefined ? undefined : decoded(extended)
}

/** Many a server sends UTF-8 as it is, which Fetch gives as a character for each byte, and browsers take for what it is. */
function plainName(field: string): string | undefined {
  const [, quoted, token] =
    /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))/i.exec(field) ?? []
  const name = quoted?.replace(/\\(.)/g, '$1') ?? token
  const bytes = name?.replace(/[%\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`)
  return bytes === undefined ? undefined : (decoded(bytes) ?? name)
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
