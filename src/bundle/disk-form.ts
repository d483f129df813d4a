/** The form in which a response can be read from a disk. */

import type { BundleWarning } from '../manifest/types.ts'
import { BYTE_ORDER_MARK, decodeCss, decodeHtml } from './charset.ts'
import { Links, type FindPath } from './links.ts'
import { TooIntricate } from './parse-html.ts'
import type { RenderedPage } from './render.ts'
import { bytesOf, typeOf, type Resource } from './resource.ts'
import { rewriteCss } from './rewrite-css.ts'
import { rewriteHtml } from './rewrite-html.ts'

/** The longest text that is rewritten, in bytes: a parser takes many times as much memory. */
export const LONGEST: number = 8 * 1024 * 1024

/** A file for reading from a disk. */
export interface DiskForm {
  /** Absent if the response can be read as it is. */
  readonly bytes?: Uint8Array<ArrayBuffer>
  /** Whether it is a page with scripts that browsers run from a server alone. */
  readonly needsServer: boolean
}

const AS_IT_IS: DiskForm = { needsServer: false }

/** Makes the disk forms of a bundle's responses. */
export class DiskForms {
  readonly #find: FindPath
  readonly #warn: (warning: BundleWarning) => void

  /**
   * @param find Finds the files of the bundle.
   * @param warn Told of what stays as it is though it should not.
   */
  constructor(find: FindPath, warn: (warning: BundleWarning) => void) {
    this.#find = find
    this.#warn = warn
  }

  /** The form of `resource` at `path`. */
  async of(resource: Resource, path: string): Promise<DiskForm> {
    const type = typeOf(resource)
    if (type !== 'text/html' && type !== 'text/css') return AS_IT_IS
    if (resource.size > LONGEST) return this.#leave(resource, 'it is too long')
    const bytes = await bytesOf(resource)
    const links = new Links(path, resource.base, this.#find)
    try {
      return type === 'text/css' ? css(bytes, resource, links) : page(bytes, resource, links)
    } catch (error) {
      if (!(error instanceof TooIntricate)) throw error
      return this.#leave(resource, 'its elements are nested too deeply')
    }
  }

  /** The form of a page that was taken down, at `path`; absent if it cannot be read. */
  ofRendered({ html, base }: RenderedPage, path: string): DiskForm | undefined {
    try {
      const rewritten = rewriteHtml(html, new Links(path, base, this.#find), true)
      return { bytes: encode(BYTE_ORDER_MARK + rewritten.html), needsServer: false }
    } catch (error) {
      if (error instanceof TooIntricate) return undefined
      throw error
    }
  }

  #leave({ url }: Resource, why: string): DiskForm {
    const message = `The links in ${url} still lead to the site: ${why}`
    this.#warn({ code: 'bundle-not-rewritten', message, url })
    return AS_IT_IS
  }
}

function css(bytes: Uint8Array, resource: Resource, links: Links): DiskForm {
  const { text, saysUtf8 } = decodeCss(bytes, resource)
  const changed = rewriteCss(text, links)
  if (changed === text && saysUtf8) return AS_IT_IS
  return { bytes: encode(BYTE_ORDER_MARK + changed), needsServer: false }
}

function page(bytes: Uint8Array, resource: Resource, links: Links): DiskForm {
  const { text, saysUtf8 } = decodeHtml(bytes, resource)
  const { html, needsServer } = rewriteHtml(text, links)
  if (html === text && saysUtf8) return { needsServer }
  return { bytes: encode(BYTE_ORDER_MARK + html), needsServer }
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
