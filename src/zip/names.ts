/** Names that cannot hurt: each can be unpacked on every system, into the folder that the user chose. */

/** A name that is not in the archive as it was asked for. */
export interface NameWarning {
  /** `name-changed`: it was not safe. `name-renamed`: another entry has it, or a part of it. */
  readonly code: 'name-changed' | 'name-renamed'
  readonly message: string
  /** The name that was asked for. */
  readonly from: string
  /** The name in the archive. */
  readonly to: string
}

/** Bytes that a name, and a comment, can have in a record of 16-bit lengths. */
export const MAX_FIELD_LENGTH = 65_535

/** Bytes that file systems give to one part of a path: ext4, APFS and others; NTFS gives more. */
const MAX_PART_LENGTH = 255

/** Characters that the dot and what follows it may have to count as an extension. */
const MAX_EXTENSION = 16

/** Controls, line ends, what Windows forbids, and characters that turn the text around. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\0-\x1f\x7f-\x9f:*?"<>|\u2028-\u202e\u2066-\u2069]/g

const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\s*(?:\.|$))/i

/** Names without any of the above in any part: the usual case, told by one look. */
const PLAIN =
  /^(?!(?:.*\/)?(?:con|prn|aux|nul|com|lpt))(?:[a-z0-9_()+,;=@#~-][\w ()+,;=@#~.-]*\/)*[a-z0-9_()+,;=@#~-](?:[\w ()+,;=@#~.-]*[\w()+,;=@#~-])?$/i
const ENDS_BADLY = /[. ](?:\/|$)/

const encoder = /* @__PURE__ */ new TextEncoder()

/** The length of `text` in UTF-8, in bytes. */
export function utf8Length(text: string): number {
  return encoder.encode(text).length
}

/** `text` up to its last character that is not in `unwanted`; `/[. ]+$/` would take quadratic time. */
export function trimEnd(text: string, unwanted: string): string {
  let end = text.length
  while (end > 0 && unwanted.includes(text[end - 1]!)) end--
  return text.slice(0, end)
}

/** Where the extension of `part` begins; at its end if it has none, or one too long to be meant. */
function extensionStart(part: string): number {
  const dot = part.lastIndexOf('.')
  return dot > 0 && part.length - dot <= MAX_EXTENSION ? dot : part.length
}

/**
 * `part` with `insert` before its extension, if that is to be kept, and shortened before it to the
 * 255 bytes that a part may have.
 */
export function fitPart(part: string, insert = '', keepExtension = true): string {
  const stemEnd = keepExtension ? extensionStart(part) : part.length
  const end = insert + part.slice(stemEnd)
  if ((stemEnd + end.length) * 3 <= MAX_PART_LENGTH) return part.slice(0, stemEnd) + end
  const room = MAX_PART_LENGTH - utf8Length(end)
  if (utf8Length(part.slice(0, stemEnd)) <= room) return part.slice(0, stemEnd) + end
  let stem = ''
  let length = 0
  for (const character of part.slice(0, stemEnd)) {
    length += utf8Length(character)
    if (length > room) break
    stem += character
  }
  return trimEnd(stem, '. ') + end
}

function safePart(part: string): string {
  const visible = fitPart(trimEnd(part.replace(FORBIDDEN, '_'), '. '))
  // Only now, for what was cut off may be what made it another name.
  return DEVICE.test(visible) ? fitPart(`_${visible}`) : visible
}

/**
 * `name` as a relative path that every system can unpack.
 *
 * Backslashes count as separators; drive letters, leading separators, empty parts, `.` and `..` go;
 * forbidden characters become `_`, device names of Windows get one before them; dots and spaces at
 * the end of a part go; parts are shortened to 255 bytes; the text is well-formed and in Unicode's
 * Normalization Form C. What is left empty is called `unnamed`.
 */
export function safeName(name: string): string {
  if (name.length <= 85 && PLAIN.test(name) && !ENDS_BADLY.test(name)) return name
  const parts = name
    .toWellFormed()
    .normalize('NFC')
    .replaceAll('\\', '/')
    .replace(/^\/*(?:[a-z]:(?:\/|$)|[a-z]:(?=[^/]))/i, '')
    .split('/')
    .map(safePart) // nothing is left of `.` and `..`
    .filter((part) => part !== '')
  return parts.length === 0 ? 'unnamed' : parts.join('/')
}
