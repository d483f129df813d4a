/** Pages that are asked for by their URLs: fetched, rendered where they have to be, with all that they show. */

import { HoldallError, type ErrorDetails } from '../errors.ts'
import { messageOf } from '../sources/thrown.ts'
import { decodeCss, decodeHtml } from './charset.ts'
import { LONGEST } from './disk-form.ts'
import { Links } from './links.ts'
import type { BundleRoute } from './options.ts'
import { unlessIntricate } from './parse-html.ts'
import { renderPage, type RenderedPage } from './render.ts'
import { bytesOf, plainUrl, typeOf, type Resource } from './resource.ts'
import { rewriteCss } from './rewrite-css.ts'
import { rewriteHtml } from './rewrite-html.ts'
import type { Gathering, Shelf } from './shelf.ts'

/** What routes showed in frames, nothing if they could not: none is loaded twice. */
export type Shown = Map<BundleRoute, RenderedPage | undefined>

export class Routes {
  /** What those pages showed that were rendered. */
  readonly rendered: Map<Resource, RenderedPage> = new Map()
  readonly #shelf: Shelf
  readonly #gathering: Gathering
  readonly #mayBeLeftOut: boolean
  readonly #shown: Shown
  readonly #looked = new Set<Resource>()

  /** @param mayBeLeftOut Whether a page that cannot be had is no failure. */
  constructor(shelf: Shelf, gathering: Gathering, mayBeLeftOut: boolean, shown: Shown) {
    this.#shelf = shelf
    this.#gathering = gathering
    this.#mayBeLeftOut = mayBeLeftOut
    this.#shown = shown
  }

  /**
   * Puts the page, and what it needs of its own origin, on the shelf.
   *
   * @throws {HoldallError} `source-failed`, if it can be neither fetched nor rendered.
   */
  async take(route: BundleRoute): Promise<void> {
    const url = this.#shelf.absolute(route.url)
    const { index } = this.#shelf
    const failure = index.find(url) ? undefined : await this.#shelf.fetch({ url })
    // Without a network, an app may still answer it when it is opened, and its service worker may at any time.
    if (failure !== undefined) return this.#takeUnanswered(url, route, failure)
    const resource = index.find(url)
    if (resource === undefined) return // it is no page, but kept as it is
    const needsServer = await this.#look(resource)
    if (typeOf(resource) !== 'text/html' || !(route.render ?? needsServer)) return
    const page = await this.#show(url, route)
    if (page !== undefined) return this.#takeRendered(resource, page)
    const message = `${url} is in the bundle as it was fetched: it cannot be shown in a frame (frame-ancestors, X-Frame-Options), or was not ready within 15 s`
    this.#gathering.warn({ code: 'bundle-not-rendered', message, url })
  }

  async #takeUnanswered(url: string, route: BundleRoute, failure: HoldallError): Promise<void> {
    const page = await this.#show(url, route)
    // a frame shows the page of an error as any other
    if (page === undefined || (page.status ?? 0) >= 400) {
      if (!this.#mayBeLeftOut) throw failure
      this.#shelf.leaveOut(url, failure.message)
      return
    }
    const { status } = failure.detail as ErrorDetails['source-failed']
    if (status !== undefined && page.status === undefined) {
      const message = `What the server answers for ${url} (${status}) is left out: in its place is what a frame shows there, which may be the page of an error; look at it`
      this.#shelf.leaveOut(url, message)
    }
    const resource = standIn(url)
    this.#shelf.index.add(resource)
    await this.#takeRendered(resource, page)
  }

  async #show(url: string, route: BundleRoute): Promise<RenderedPage | undefined> {
    if (!this.#shown.has(route)) this.#shown.set(route, await this.#render(url, route.ready))
    return this.#shown.get(route)
  }

  async #render(url: string, ready: BundleRoute['ready']): Promise<RenderedPage | undefined> {
    const { signal } = this.#gathering
    try {
      return await renderPage(url, ready, signal)
    } catch (cause) {
      signal.throwIfAborted()
      const why = messageOf(cause)
      throw new HoldallError(
        'source-failed',
        `Cannot render ${url} for the bundle: its ready failed: ${why}; give a selector, or a function of its document`,
        { entry: url, url },
        { cause },
      )
    }
  }

  async #takeRendered(resource: Resource, page: RenderedPage): Promise<void> {
    this.rendered.set(resource, page)
    if (page.hasDeadUrls) {
      const { url } = resource
      const message = `Not all that ${url} shows is in the bundle: it has URLs that ended with the page (blob:) and could not be read; keep them until then, or use those of files`
      this.#gathering.warn({ code: 'bundle-not-rewritten', message, url: plainUrl(url) })
    }
    await this.#follow(page.base, (links) => rewriteHtml(page.html, links, { isStill: true }))
  }

  /**
   * Takes what `resource` needs, if it is a page or style sheet.
   *
   * @param ofPage The encoding of who asks for it.
   * @returns Whether its scripts need a server.
   */
  async #look(resource: Resource, ofPage?: string): Promise<boolean> {
    this.#looked.add(resource)
    const type = typeOf(resource)
    if (resource.size > LONGEST || (type !== 'text/html' && type !== 'text/css')) return false
    const bytes = await bytesOf(resource)
    if (type === 'text/css') {
      const { text, encoding } = decodeCss(bytes, resource, ofPage)
      await this.#follow(resource.base, (links) => rewriteCss(text, links), encoding)
      return false
    }
    const decoded = unlessIntricate(() => decodeHtml(bytes, resource))
    if (decoded === undefined) return false
    const { text, encoding } = decoded
    const page = await this.#follow(resource.base, (links) => rewriteHtml(text, links), encoding)
    return page?.needsServer === true
  }

  /** Takes what the links that `read`, of a text in `encoding`, asks for need to be shown. */
  async #follow<T>(
    base: string,
    read: (links: Links) => T,
    encoding?: string,
  ): Promise<T | undefined> {
    const needed = new Set<string>()
    const { origin } = new URL(base)
    const links = new Links('', base, (url, isNeeded) => {
      const target = new URL(url)
      target.hash = ''
      if (isNeeded && target.origin === origin) needed.add(target.href)
      return undefined
    })
    const result = unlessIntricate(() => read(links))
    for (const url of needed) await this.#need(url, encoding)
    return result
  }

  async #need(url: string, ofPage: string | undefined): Promise<void> {
    const { index } = this.#shelf
    const failure = index.find(url) ? undefined : await this.#shelf.fetch({ url })
    if (failure !== undefined) this.#shelf.leaveOut(url, failure.message)
    const resource = index.find(url)
    if (resource !== undefined && !this.#looked.has(resource)) await this.#look(resource, ofPage)
  }
}

/** A page that only exists when it is opened. */
function standIn(url: string): Resource {
  return {
    url,
    base: url,
    status: 200,
    statusText: '',
    headers: [['content-type', 'text/html;charset=utf-8']],
    vary: {},
    body: { blob: new Blob(), requests: [] },
    isRendered: true,
    size: 0,
    crc32: 0,
    sha256: '',
  }
}
