/** Where everything of a bundle goes: names that are safe, unique, and the same each time. */

import { safeName } from '../zip/names.ts'
import { UniqueNames } from '../zip/unique-names.ts'
import { DESCRIPTION_NAME } from './description.ts'
import type { Found } from './links.ts'
import { FOLDER, treePath } from './paths.ts'
import { plainUrl, typeOf, type Resource, type ResourceIndex } from './resource.ts'

/** What opens by double click. */
export const FIRST_PAGE = 'index.html'

/** What a reader is told. */
export const README_NAME: string = `${FOLDER}/README.txt`

/** The paths of one bundle. */
export class Layout {
  readonly #names = new UniqueNames('rename')
  readonly #paths = new Map<Resource, string>()
  readonly #index: ResourceIndex
  /** The page that opens, if there is any page. */
  readonly start: Resource | undefined

  /**
   * @param startUrl Of the page that is to open. If there is none, the first page of the app does.
   * @param origin Of the app.
   */
  constructor(index: ResourceIndex, startUrl: string, origin: string) {
    this.#index = index
    const resources = index.found
    this.start = index.find(startUrl) ?? resources.find((resource) => isPage(resource, origin))
    this.#names.claim(DESCRIPTION_NAME, 'file')
    this.#names.claim(README_NAME, 'file')
    const pathOf = (resource: Resource): string =>
      resource.name === undefined
        ? treePath(plainUrl(resource.url), typeOf(resource), origin)
        : safeName(resource.name)
    // What opens has its place, whoever else would have it.
    if (this.start === undefined || pathOf(this.start) !== FIRST_PAGE) {
      this.#names.claim(FIRST_PAGE, 'file')
    } else {
      this.#paths.set(this.start, this.#names.claim(FIRST_PAGE, 'file'))
    }
    for (const resource of resources) {
      if (this.#paths.has(resource)) continue
      this.#paths.set(resource, this.#names.claim(pathOf(resource), 'file'))
    }
  }

  /** Whether `index.html` is not a page of the app, but leads to one. */
  get leads(): boolean {
    return this.start === undefined || this.#paths.get(this.start) !== FIRST_PAGE
  }

  /** Where `resource` is to be opened, if it can be. */
  pathOf(resource: Resource): string | undefined {
    return this.#paths.get(resource)
  }

  /** What a page finds where `url` leads. */
  find(url: string): Found | undefined {
    const found = this.#index.find(url)
    const path = found && this.#paths.get(found)
    return path === undefined ? undefined : { path, headers: found!.headers }
  }

  /** A path for the bytes of `resource` as they came, where that is not where it is opened. */
  claimOriginal(resource: Resource, origin: string): string {
    const path =
      this.#paths.get(resource) ?? treePath(plainUrl(resource.url), typeOf(resource), origin)
    return this.#names.claim(safeName(`${FOLDER}/originals/${path}`), 'file')
  }
}

function isPage(resource: Resource, origin: string): boolean {
  return typeOf(resource) === 'text/html' && new URL(resource.url).origin === origin
}
