/** The form in which a response can be read from a disk. */

import type { BundleWarning } from '../manifest/types.ts'
import { BYTE_ORDER_MARK, decodeCss, decodeHtml } from './charset.ts'
import { Links, resolve, type FindFile } from './links.ts'
import { unlessIntricate } from './parse-html.ts'
import type { RenderedPage } from './render.ts'
import { bytesOf, plainUrl, typeOf, type Resource } from './resource.ts'
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

const TOO_DEEP = 'its elements are nested too deeply'

/** What may be a URL in SVG, and is not what draws an image. */
const REFERENCE =
  /(?:\b(?:href|src)\s*=\s*|\burl\(\s*|@import\s+)(?:"([^"]*)"|'([^']*)'|([^\s"'()<>]+))/gi

/** Quotes in attributes. */
const QUOTE = /&(?:quot|apos|#3[49]|#x2[27]);/gi

/** Makes the disk forms of a bundle's responses. */
export class DiskForms {
  readonly #resources: readonly Resource[]
  readonly #find: FindFile
  readonly #warn: (warning: BundleWarning) => void
  #oldEncoding: Promise<string | undefined> | undefined

  /**
   * @param resources All of the bundle that URLs find.
   * @param find Finds them.
   * @param warn Told of what stays as it is though it should not.
   */
  constructor(
    resources: readonly Resource[],
    find: FindFile,
    warn: (warning: BundleWarning) => void,
  ) {
    this.#resources = resources
    this.#find = find
    this.#warn = warn
  }

  /** The form of `resource` at `path`. */
  async of(resource: Resource, path: string): Promise<DiskForm> {
    const type = typeOf(resource)
    if (type === 'application/xhtml+xml') return this.#leave(resource, 'it is XHTML, not HTML')
    if (type !== 'text/html' && type !== 'text/css' && type !== 'image/svg+xml') return AS_IT_IS
    if (resource.size > LONGEST) {
      const which = type === 'image/svg+xml' ? 'Any links' : undefined
      return this.#leave(resource, 'it is too long', which)
    }
    const bytes = await bytesOf(resource)
    const links = new Links(path, resource.base, this.#find)
    if (type === 'text/css') return this.#css(bytes, resource, links)
    if (type === 'image/svg+xml') {
      return refersToOthers(bytes, links, path) ? this.#leave(resource, 'it is SVG') : AS_IT_IS
    }
    const form = unlessIntricate(() => page(bytes, resource, links))
    return form ?? this.#leave(resource, TOO_DEEP)
  }

  /**
   * The form of what `resource` showed when it was taken down, at `path`.
   *
   * @returns Absent if that cannot be read, and there is a response that can take its place.
   */
  ofRendered(resource: Resource, { html, base }: RenderedPage, path: string): DiskForm | undefined {
    const links = new Links(path, base, this.#find)
    const rewritten = unlessIntricate(() => rewriteHtml(html, links, { isStill: true }))
    if (rewritten !== undefined) return { bytes: marked(rewritten.html), needsServer: false }
    if (resource.isRendered) {
      this.#leave(resource, TOO_DEEP)
      return { bytes: marked(html), needsServer: false }
    }
    const url = plainUrl(resource.url)
    const message = `${url} is in the bundle as it was fetched: of what it shows, ${TOO_DEEP}`
    this.#warn({ code: 'bundle-not-rendered', message, url })
    return undefined
  }

  async #css(bytes: Uint8Array, resource: Resource, links: Links): Promise<DiskForm> {
    let decoded = decodeCss(bytes, resource)
    if (decoded.isGuessed && decoded.encoding !== 'utf-8') {
      decoded = decodeCss(bytes, resource, await this.#encodingOfPages())
    }
    const { text, saysUtf8 } = decoded
    const changed = rewriteCss(text, links)
    if (changed === text && saysUtf8) return AS_IT_IS
    return { bytes: marked(changed), needsServer: false }
  }

  /** What the pages of the bundle are in, if not in UTF-8: an app that has such pages has few others. */
  #encodingOfPages(): Promise<string | undefined> {
    const find = async (): Promise<string | undefined> => {
      for (const resource of this.#resources) {
        if (typeOf(resource) !== 'text/html' || resource.size > LONGEST) continue
        const bytes = await bytesOf(resource)
        const { encoding = 'utf-8' } = unlessIntricate(() => decodeHtml(bytes, resource)) ?? {}
        if (encoding !== 'utf-8') return encoding
      }
      return undefined
    }
    this.#oldEncoding ??= find()
    return this.#oldEncoding
  }

  #leave({ url }: Resource, why: string, which = 'The links'): DiskForm {
    const message = `${which} in ${url} still lead to the site: ${why}`
    this.#warn({ code: 'bundle-not-rewritten', message, url })
    return AS_IT_IS
  }
}

function page(bytes: Uint8Array, resource: Resource, links: Links): DiskForm {
  const { text, saysUtf8, encoding } = decodeHtml(bytes, resource)
  const { html, needsServer } = rewriteHtml(text, links, { encoding })
  if (html === text && saysUtf8) return { needsServer }
  return { bytes: marked(html), needsServer }
}

/** Whether an SVG image at `path` has URLs of other files which would be others on a disk. */
function refersToOthers(bytes: Uint8Array, links: Links, path: string): boolean {
  const text = new TextDecoder().decode(bytes).replace(QUOTE, '"')
  const base = `file:///bundle/${path.split('/').map(encodeURIComponent).join('/')}`
  return [...text.matchAll(REFERENCE)].some(([, quoted, other, bare]) => {
    const url = quoted ?? other ?? bare ?? ''
    const link = links.to(url, false)
    return link !== undefined && resolve(url, base)?.href !== resolve(link.url, base)?.href
  })
}

/** `text` in UTF-8, marked as such. */
function marked(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(BYTE_ORDER_MARK + text)
}
