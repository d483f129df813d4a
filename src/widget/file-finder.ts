/** Finds out which files there are to pack: those of the property, of a manifest, or of links. */

import type { ZipOptions } from '../client/options.ts'
import type { FilesInput } from '../manifest/types.ts'
import { collectFiles, type Files } from './files.ts'
import { LinkFollower } from './links.ts'

type Configured = Element & { readonly options: Pick<ZipOptions, 'baseURL'> }

export class FileFinder {
  /** Rejects with what was thrown in place of files, where that was so: some are told all the same, for a click. */
  failure: Promise<never> | undefined
  /** Of the archive, where a manifest that was read gives one. */
  name: string | undefined
  readonly #element: Configured
  readonly #found: (files: Files) => void
  readonly #links: LinkFollower
  #given: FilesInput | undefined
  /** What was read of it: a generator gives it but once. */
  #collected: Files | Promise<Files> | undefined
  /** What was asked for last: answers to anything before it are late. */
  #asked: object | undefined

  /** @param found Called with the files once they are known, and when there are others. */
  constructor(element: Configured, found: (files: Files) => void) {
    this.#element = element
    this.#found = found
    this.#links = new LinkFollower(found)
  }

  /**
   * @param given Files, or the URL of a manifest; `undefined` for those of links.
   * @param selector Of the links; empty for those in the element.
   * @param listed Whether a manifest is to be read: its files are told one by one then.
   */
  find(given: FilesInput | undefined, selector: string, listed: boolean): void {
    this.stop()
    this.failure = undefined
    // a list may have others in it by now
    const known = given === this.#given && !Array.isArray(given) ? this.#collected : undefined
    const files = known ?? (given && collectFiles(given))
    this.#collected = files
    this.#given = given
    if (files === undefined) return this.#found(this.#links.follow(this.#element, selector))
    const later = files instanceof Promise || (listed && typeof files === 'string')
    if (later) void this.#await(files)
    else this.#found(files)
  }

  /** Follows nothing any more. What cannot be had remains so: an element that is out of its page can be started, too. */
  stop(): void {
    this.#links.stop()
    this.#asked = undefined
    this.name = undefined
  }

  async #await(given: Files | Promise<Files>): Promise<void> {
    const asked = {}
    this.#asked = asked
    let files: Files | undefined
    let name: string | undefined
    try {
      files = await given
      if (typeof files === 'string') {
        const { listManifest } = await import('./manifest.ts')
        if (this.#asked !== asked)
          return // each attribute asks, when an element of the page is defined
        ;({ files, name } = await listManifest(files, this.#element.options.baseURL))
      }
    } catch {
      // a manifest is packed whole then, or the job tells what is wrong with it
    }
    if (this.#asked !== asked) return
    if (files === undefined) this.failure = given as Promise<never>
    this.name = name
    this.#found(files ?? '?')
  }
}
