/** What the URLs of one file become in a bundle. */

import { relativeUrl } from './paths.ts'

/** Gives the path in the bundle of what a URL stands for, if it is in it. */
export type FindPath = (url: string) => string | undefined

/** What a URL becomes. */
export interface Link {
  readonly url: string
  /** Whether it leads to a file of the bundle. */
  readonly isInside: boolean
}

/** The links of the file at one path. */
export class Links {
  readonly #path: string
  readonly #base: string
  readonly #find: FindPath

  /**
   * @param path Of the file that has them.
   * @param base What its relative URLs were relative to.
   */
  constructor(path: string, base: string, find: FindPath) {
    this.#path = path
    this.#base = base
    this.#find = find
  }

  /** The same file, whose URLs are relative to `url`, itself relative to what they were relative to before. */
  basedOn(url: string): Links {
    return new Links(this.#path, resolve(url, this.#base)?.href ?? this.#base, this.#find)
  }

  /**
   * What `url` becomes: relative, if it leads to a file of the bundle, else absolute.
   *
   * @returns `undefined` if it stays as it is: of another scheme than HTTP, no URL, or a place in the
   *   same file.
   */
  to(url: string): Link | undefined {
    const trimmed = url.trim()
    if (trimmed === '' || trimmed.startsWith('#')) return undefined
    const target = resolve(trimmed, this.#base)
    if (target === undefined || !/^https?:$/.test(target.protocol)) return undefined
    const path = this.#find(target.href)
    if (path === undefined) return { url: target.href, isInside: false }
    return { url: relativeUrl(this.#path, path) + target.hash, isInside: true }
  }
}

function resolve(url: string, base: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}
