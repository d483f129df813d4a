/** What the URLs of one file become in a bundle. */

import { FOLDER, relativeUrl, treePath } from './paths.ts'

import type { Resource } from './resource.ts'

/** A file of the bundle. */
export interface Found extends Pick<Resource, 'headers'> {
  readonly path: string
}

/**
 * Gives what a URL stands for, if it is in the bundle.
 *
 * @param isNeeded Whether the file needs it to be shown, and does not only lead to it.
 */
export type FindFile = (url: string, isNeeded: boolean) => Found | undefined

/** What a URL becomes. */
export interface Link {
  readonly url: string
  /** The file of the bundle that it leads to, if it does. */
  readonly found?: Found
}

/** The links of the file at one path. */
export class Links {
  readonly #path: string
  /** The URL of the file, without a place in it. */
  readonly #own: string
  readonly #base: string
  readonly #find: FindFile
  /** Where the file has its links from: its base URL in the bundle. */
  readonly #from: string

  /**
   * @param path Of the file that has them.
   * @param base What its relative URLs were relative to.
   * @param own Its own URL.
   * @param from What its links are relative to in the bundle.
   */
  constructor(
    path: string,
    base: string,
    find: FindFile,
    own: string = withoutHash(base),
    from: string = path,
  ) {
    this.#path = path
    this.#from = from
    this.#own = own
    this.#base = base
    this.#find = find
  }

  /** The same file, whose URLs are relative to `url`, itself relative to what they were relative to before. */
  basedOn(url: string): Links {
    const base = resolve(url, this.#base)?.href ?? this.#base
    return new Links(this.#path, base, this.#find, this.#own, this.#from)
  }

  /**
   * The same file, with a base URL in the bundle, too: the folder there that `url` is.
   *
   * @returns The links, and that base URL, relative; nothing if it is of another site than the file.
   */
  keptOn(url: string): { links: Links; base: string } | undefined {
    const base = resolve(url, this.#base)
    const { origin } = new URL(this.#own)
    if (base === undefined || base.origin !== origin || this.#path.startsWith(`${FOLDER}/`)) return
    const from = treePath(new URL('base', base).href, '', origin)
    const links = new Links(this.#path, base.href, this.#find, this.#own, from)
    return { links, base: relativeUrl(this.#path, from).replace(/base$/, '') }
  }

  /**
   * What `url` becomes: relative, if it leads to a file of the bundle, else absolute.
   *
   * @returns `undefined` if it stays as it is: of another scheme than HTTP, no URL, or a place in the
   *   same file.
   * @param isNeeded See `FindFile`.
   */
  to(url: string, isNeeded: boolean): Link | undefined {
    const trimmed = url.trim()
    return trimmed === '' || trimmed.startsWith('#') ? undefined : this.#to(trimmed, isNeeded)
  }

  /** What `url`, which is but a place, becomes in a link: in the same file, unless that has a base URL. */
  toPlace(url: string): Link | undefined {
    const isOwn = withoutHash(this.#base) === this.#own
    if (!isOwn) return this.#to(url.trim(), false)
    const isKept = this.#from !== this.#path
    return isKept ? { url: relativeUrl(this.#from, this.#path) + url.trim() } : undefined
  }

  #to(url: string, isNeeded: boolean): Link | undefined {
    const target = resolve(url, this.#base)
    if (target === undefined || !/^https?:$/.test(target.protocol)) return undefined
    const found = this.#find(target.href, isNeeded)
    if (found === undefined) return { url: target.href }
    return { url: relativeUrl(this.#from, found.path) + target.hash, found }
  }
}

function withoutHash(url: string): string {
  return url.split('#', 1)[0]!
}

/** `url`, absolute; nothing if it is none. (`URL.canParse` is younger than the oldest browsers that holdall runs in.) */
export function resolve(url: string | URL, base: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}
