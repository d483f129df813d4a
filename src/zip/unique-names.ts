/** Gives each entry of one archive a name of its own, on every file system. */

import { HoldallError } from '../errors.ts'
import { fitPart } from './names.ts'

/**
 * The same for all names that some file system takes for one: case and Unicode form do not count, nor
 * do the characters without a width that HFS+ overlooks.
 */
function keyOf(part: string): string {
  // oxlint-disable-next-line no-control-regex
  if (/^[\0-\x7f]*$/.test(part)) return part.toLowerCase()
  const seen = part.replace(/[\u200c-\u200f\u206a-\u206f\ufeff]/g, '')
  return seen.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

/** A folder of the archive, by its number; and the path that leads to it. */
interface Place {
  readonly folder: number
  readonly path: string
}

const ROOT: Place = { folder: 0, path: '' }
const FILE = -1

/**
 * The names of one archive so far.
 *
 * A file may not have the name of a folder, nor the other way round, and a symbolic link counts as a
 * file: so nothing is unpacked over another entry, or through a link to somewhere else.
 *
 * Folders are numbered, and a name is kept as the number of its folder and the key of its last part:
 * a long path costs its length, and no folder costs more than its name.
 */
export class UniqueNames {
  readonly #policy: 'rename' | 'error'
  /** What each name is: a folder's number, or a file. */
  readonly #names = new Map<string, number>()
  /** Folders that are entries themselves, beside being a part of others' names. */
  readonly #explicit = new Set<number>()
  /** Folders that something was put into. */
  readonly #filled = new Set<number>()
  /** Where folders went that gave way, so that what is to come goes into the same one. */
  readonly #moved = new Map<string, string>()
  /** The next number to try for a name that was taken: 10,000 like names take 10,000 steps. */
  readonly #numbers = new Map<string, number>()
  #folders = 0
  #lastPath = ''
  #lastPlace = ROOT

  /** @param policy What becomes of an entry whose name is taken. */
  constructor(policy: 'rename' | 'error') {
    this.#policy = policy
  }

  /**
   * `name`, a safe one, if it is free, else with a number: `name (2).ext`.
   *
   * @throws {HoldallError} `duplicate-name`, if that is the policy.
   */
  claim(name: string, kind: 'file' | 'directory'): string {
    const start = name.lastIndexOf('/') + 1
    const { folder, path } = this.#place(name.slice(0, start))
    const part = name.slice(start)
    const own = kind === 'file' ? this.#file(folder, part) : this.#directory(folder, part)
    if (own === part && path.length === start) return name
    if (this.#policy === 'rename') return path + own
    throw new HoldallError(
      'duplicate-name',
      `Cannot pack two files named "${name}": give one of them another name, or set duplicates to 'rename'`,
      { entry: name },
    )
  }

  /** Where entries of `path` go, which is `''` or has a slash at its end. */
  #place(path: string): Place {
    if (path === '') return ROOT
    if (path === this.#lastPath) return this.#lastPlace
    let folder = ROOT.folder
    let to = ''
    for (const part of path.slice(0, -1).split('/')) {
      const own = this.#subfolder(folder, part)
      folder = this.#names.get(keyIn(folder, own))!
      to += `${own}/`
    }
    this.#lastPath = path
    this.#lastPlace = { folder, path: to }
    return this.#lastPlace
  }

  /** The name that the file `part` gets in `folder`. */
  #file(folder: number, part: string): string {
    const key = keyIn(folder, part)
    this.#filled.add(folder)
    if (!this.#names.has(key)) {
      this.#names.set(key, FILE)
      return part
    }
    const free = this.#free(folder, part, true)
    this.#names.set(keyIn(folder, free), FILE)
    return free
  }

  /** The name that the directory entry `part` gets in `folder`. */
  #directory(folder: number, part: string): string {
    let own = this.#subfolder(folder, part)
    const there = this.#names.get(keyIn(folder, own))!
    if (this.#explicit.has(there)) {
      own = this.#free(folder, part, false)
      this.#subfolder(folder, own)
      // Into one that is empty yet, what is to come goes all the same: a list may name a folder twice.
      if (this.#filled.has(there)) this.#moved.set(keyIn(folder, part), own)
      this.#lastPath = ''
    }
    this.#explicit.add(this.#names.get(keyIn(folder, own))!)
    return own
  }

  /** The name of a folder in `folder` that is there, or is made: `part`, if that is not a file. */
  #subfolder(folder: number, part: string): string {
    const key = keyIn(folder, part)
    const moved = this.#moved.get(key)
    this.#filled.add(folder)
    if (moved !== undefined) return moved
    const there = this.#names.get(key)
    if (there === undefined) this.#names.set(key, ++this.#folders)
    if (there !== FILE) return part
    const free = this.#free(folder, part, false)
    this.#names.set(keyIn(folder, free), ++this.#folders)
    this.#moved.set(key, free)
    return free
  }

  /** `part` with the first number that makes it free in `folder`. */
  #free(folder: number, part: string, isFile: boolean): string {
    const key = keyIn(folder, part)
    for (let number = this.#numbers.get(key) ?? 2; ; number++) {
      const candidate = fitPart(part, ` (${number})`, isFile)
      if (this.#names.has(keyIn(folder, candidate))) continue
      this.#numbers.set(key, number + 1)
      return candidate
    }
  }
}

function keyIn(folder: number, part: string): string {
  return `${folder}/${keyOf(part)}`
}
