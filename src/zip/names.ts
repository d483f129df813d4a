/**
 * Names that cannot hurt: what reaches an archive can be unpacked on every system, into the folder
 * that the user chose, without one file overwriting another.
 *
 * @module
 */

import { HoldallError } from '../errors.ts'

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

/** C0 and C1 controls, DEL, what Windows forbids, and characters that turn the text around. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\0-\x1f\x7f-\x9f:*?"<>|\u202a-\u202e\u2066-\u2069]/g

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

function shortenPart(part: string): string {
  if (part.length * 3 <= MAX_PART_LENGTH || utf8Length(part) <= MAX_PART_LENGTH) return part
  const dot = part.lastIndexOf('.')
  const extension = dot > 0 && part.length - dot <= 16 ? part.slice(dot) : ''
  const room = MAX_PART_LENGTH - utf8Length(extension)
  let stem = ''
  let length = 0
  for (const character of part.slice(0, part.length - extension.length)) {
    length += utf8Length(character)
    if (length > room) break
    stem += character
  }
  return stem.replace(/[. ]+$/, '') + extension
}

function safePart(part: string): string {
  const visible = part.replace(FORBIDDEN, '_').replace(/[. ]+$/, '')
  return shortenPart(visible.replace(DEVICE, (device) => `_${device}`))
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
    .filter((part) => part !== '.' && part !== '..')
    .map(safePart)
    .filter((part) => part !== '')
  return parts.length === 0 ? 'unnamed' : parts.join('/')
}

/** What file systems that ignore case and Unicode form take for the same name. */
function sameName(name: string): string {
  // oxlint-disable-next-line no-control-regex
  return /^[\0-\x7f]*$/.test(name)
    ? name.toLowerCase()
    : name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

/** Gives each entry of one archive a name of its own. */
export class UniqueNames {
  readonly #policy: 'rename' | 'error'
  readonly #files = new Set<string>()
  readonly #folders = new Set<string>()
  readonly #explicitFolders = new Set<string>()
  /** The next number to try for a name that was taken before: 10,000 like names take 10,000 steps. */
  readonly #nextNumber = new Map<string, number>()
  #lastFolder = ''

  constructor(policy: 'rename' | 'error') {
    this.#policy = policy
  }

  /**
   * `name`, a safe one, if it is free, else with a number: `name (2).ext`.
   *
   * A file may not have the name of a folder, nor the other way round; two folders may share one.
   *
   * @throws {HoldallError} `duplicate-name`, if that is the policy.
   */
  claim(name: string, kind: 'file' | 'directory'): string {
    const slash = name.lastIndexOf('/')
    const folder = slash < 0 ? '' : this.#folder(name.slice(0, slash))
    const own = slash < 0 ? name : `${folder}/${name.slice(slash + 1)}`
    if (kind === 'file') {
      const key = sameName(own)
      // The usual case, of which there may be half a million, asks no more than this.
      if (!this.#files.has(key) && !this.#folders.has(key)) {
        this.#files.add(key)
        return own
      }
    }
    const taken =
      kind === 'file'
        ? (key: string) => this.#files.has(key) || this.#folders.has(key)
        : (key: string) => this.#files.has(key) || this.#explicitFolders.has(key)
    const free = this.#free(own, taken, kind === 'file')
    const key = sameName(free)
    if (kind === 'file') this.#files.add(key)
    else {
      this.#folders.add(key)
      this.#explicitFolders.add(key)
    }
    return free
  }

  /** A path whose every part is a folder, or may become one. */
  #folder(path: string): string {
    if (path === this.#lastFolder) return path
    let folder = ''
    for (const part of path.split('/')) {
      const wanted = folder === '' ? part : `${folder}/${part}`
      folder = this.#free(wanted, (key) => this.#files.has(key), false)
      this.#folders.add(sameName(folder))
    }
    if (folder === path) this.#lastFolder = path
    return folder
  }

  #free(name: string, taken: (key: string) => boolean, hasExtension: boolean): string {
    const key = sameName(name)
    if (!taken(key)) return name
    if (this.#policy === 'error') {
      throw new HoldallError(
        'duplicate-name',
        `Cannot pack two files named "${name}": give one of them another name, or set duplicates to 'rename'`,
        { entry: name },
      )
    }
    const partStart = name.lastIndexOf('/') + 1
    const dot = hasExtension ? name.lastIndexOf('.') : -1
    const stemEnd = dot > partStart ? dot : name.length
    for (let number = this.#nextNumber.get(key) ?? 2; ; number++) {
      const suffix = ` (${number})`
      const stem = name.slice(partStart, stemEnd)
      const extension = name.slice(stemEnd)
      const part = fit(stem, suffix + extension)
      const candidate = name.slice(0, partStart) + part
      if (!taken(sameName(candidate))) {
        // A folder that gave way stays where it went: files to come go into the same one.
        if (hasExtension) this.#nextNumber.set(key, number + 1)
        return candidate
      }
    }
  }
}

/** `stem` and `end` in one part of a path, the stem shortened to make room. */
function fit(stem: string, end: string): string {
  let whole = stem
  while (utf8Length(whole) + utf8Length(end) > MAX_PART_LENGTH && whole !== '') {
    whole = whole.slice(0, -1).replace(/[\ud800-\udbff]$/, '')
  }
  return whole + end
}
