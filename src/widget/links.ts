/** Follows links: which there are, and every change to them. */

import { filesOfLinks } from './files.ts'
import type { UrlFile } from '../manifest/types.ts'

/** How long further changes are waited for, in ms: a page that adds a hundred links adds them one by one. */
const SETTLED = 50

export class LinkFollower {
  readonly #changed: (files: readonly UrlFile[]) => void
  readonly #observer = new MutationObserver(() => {
    this.#timer ??= setTimeout(() => this.#look(), SETTLED)
  })
  #timer: ReturnType<typeof setTimeout> | undefined
  #find: () => Iterable<Element> = () => []
  #known = ''

  /** @param changed Called with the files of the links, when they are others than before. */
  constructor(changed: (files: readonly UrlFile[]) => void) {
    this.#changed = changed
  }

  /**
   * Follows the links in `element`; or, with a selector, those that it finds in the same document or
   * shadow root. Gives the files that they are of.
   *
   * @throws {DOMException} `SyntaxError`: not a selector.
   */
  follow(element: Element, selector: string): readonly UrlFile[] {
    this.stop()
    const root = element.getRootNode() as Document | ShadowRoot
    const within = selector === '' ? element : root
    this.#find = () => within.querySelectorAll(selector || 'a[href]')
    const files = this.#read()
    // any attribute may be one that the selector speaks of
    const attributes = selector === '' ? { attributeFilter: ['href', 'download', 'data-size'] } : {}
    this.#observer.observe(within, {
      subtree: true,
      childList: true,
      attributes: true,
      ...attributes,
    })
    return files
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#observer.disconnect()
  }

  #look(): void {
    this.#timer = undefined
    const known = this.#known
    const files = this.#read()
    if (this.#known !== known) this.#changed(files)
  }

  #read(): readonly UrlFile[] {
    const files = filesOfLinks(this.#find())
    this.#known = JSON.stringify(files)
    return files
  }
}
