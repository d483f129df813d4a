/** What the URLs of one file become in a bundle. */

import { relativeUrl } from './paths.ts'

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

  /**
   * @param path Of the file that has them.
   * @param base What its relative URLs were relative to.
   * @param own Its own URL.
   */
  constructor(path: string, base: string, find: FindFile, own: string = withoutHash(base)) {
    this.#path = path
    this.#own = own
    this.#base = base
    this.#find = find
  }

  /** The same file, whose URLs are relative to `url`, itself relative to what they were relative to before. */
  basedOn(url: string): Links {
    return new Links(
      this.#path,
      resolve(url, this.#base)?.href ?? this.#base,
      this.#find,
      this.#own,
    )
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
    return withoutHash(this.#base) === this.#own ? undefined : this.#to(url.trim(), false)
  }

  #to(url: string, isNeeded: boolean): Link | undefined {
    const target = resolve(url, this.#base)
    if (target === undefined || !/^https?:$/.test(target.protocol)) return undefined
    const found = this.#find(target.href, isNeeded)
    if (found === undefined) return { url: target.href }
    return { url: relativeUrl(this.#path, found.path) + target.hash, found }
  }
}

function withoutHash(url: string): string {
  return url.split('#', 1)[0]!
}

function resolve(url: string, base: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}
