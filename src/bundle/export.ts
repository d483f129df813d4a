/** The files of a bundle, in the order in which they are in the ZIP. */

import { Digester } from '../client/digester.ts'
import type { BundleWarning, FileInput } from '../manifest/types.ts'
import { HoldallError } from '../errors.ts'
import { crc32 } from '../zip/crc32.ts'
import { collect, type Collection } from './collect.ts'
import {
  DESCRIPTION_NAME,
  DESCRIPTION_VERSION,
  type BundleDescription,
  type BundledResponse,
} from './description.ts'
import { DiskForms, type DiskForm } from './disk-form.ts'
import { Layout, FIRST_PAGE, README_NAME } from './layout.ts'
import type { BundleOptions } from './options.ts'
import {
  plainUrl,
  toFile,
  typeOf,
  type FileFields,
  type Resource,
  type ResourceIndex,
} from './resource.ts'
import type { Gathering } from './shelf.ts'
import { leadingPage, readme, type BundleFacts } from './texts.ts'

export { Digester }

/** What wrote a bundle; a test compares it with package.json. */
export const GENERATOR = 'holdall 0.1.0'

/**
 * Gathers what is asked for, and lays it out.
 *
 * @returns The files, `holdall-bundle.json` first, of all of which the size is known.
 * @throws {HoldallError} As `collect` does, and `no-files`.
 */
export async function bundleFiles(
  options: BundleOptions,
  gathering: Gathering,
): Promise<FileInput[]> {
  const collection = await collect(options, gathering)
  return new Export(options, gathering, collection).files()
}

class Export {
  readonly #options: BundleOptions
  readonly #gathering: Gathering
  readonly #collection: Collection
  readonly #origin: string = location.origin
  readonly #scope: string
  readonly #files: FileInput[] = []
  readonly #responses: BundledResponse[] = []
  readonly #described = new Set<string>()
  readonly #needServer: string[] = []

  constructor(options: BundleOptions, gathering: Gathering, collection: Collection) {
    this.#options = options
    this.#gathering = gathering
    this.#collection = collection
    const { href } = new URL(gathering.baseURL)
    // a base URL may be of another site, which the app is not of
    const folder = new URL('./', href.startsWith(`${this.#origin}/`) ? href : location.href).href
    this.#scope = homeOf(collection.index, folder) ?? folder
  }

  async files(): Promise<FileInput[]> {
    const { resources, index, rendered, copies, others } = this.#collection
    const found = index.found
    if (resources.length + found.length + others.length === 0) throw nothing()
    const { start } = this.#options
    const startUrl =
      start === undefined ? this.#scope : new URL(start, this.#gathering.baseURL).href
    const isThere = index.find(startUrl) !== undefined
    const layout = new Layout(index, isThere ? startUrl : this.#scope, this.#origin)
    if (!isThere) this.#warnOfStart(startUrl, layout)
    const forms = new DiskForms(found, (url) => layout.find(url), this.#gathering.warn)
    // Two responses of one URL are the same file if they have the same bytes.
    const placed = new Map<string, Pick<BundledResponse, 'path' | 'page'>>()
    const said = new Map(this.#collection.said)
    for (const [resource, name, fields] of copies) {
      if (layout.pathOf(resource) === name) said.set(resource, fields)
    }
    for (const resource of found) {
      const path = layout.pathOf(resource)!
      const page = rendered.get(resource)
      const form =
        (page && forms.ofRendered(resource, page, path)) ?? (await forms.of(resource, path))
      if (form.needsServer) this.#warnOfModules(plainUrl(resource.url), path)
      placed.set(keyOf(resource), this.#place(resource, path, form, layout, said.get(resource)))
    }
    for (const resource of resources) this.#describe(resource, placed, layout)
    for (const [resource, name, fields] of copies) {
      if (layout.pathOf(resource) !== name) this.#files.push(toFile(resource, name, fields))
    }
    return this.#withTexts(layout)
  }

  /** Puts `resource` at `path` in the form for a disk, and as it came where that is another. */
  #place(
    resource: Resource,
    path: string,
    { bytes }: DiskForm,
    layout: Layout,
    said?: FileFields,
  ): Pick<BundledResponse, 'path' | 'page'> {
    if (bytes === undefined) {
      this.#files.push(toFile(resource, path, said))
      return { path }
    }
    this.#files.push({ name: path, data: new Blob([bytes]), crc32: crc32(bytes), ...said })
    if (resource.isRendered) return { path }
    const original = layout.claimOriginal(resource, this.#origin)
    this.#files.push(toFile(resource, original))
    return { path: original, page: path }
  }

  #describe(
    resource: Resource,
    placed: Map<string, Pick<BundledResponse, 'path' | 'page'>>,
    layout: Layout,
  ): void {
    const { url, body, vary, status, statusText, headers, size, sha256 } = resource
    const cache = 'cache' in body ? body.cache : null
    // what an import tells one from another by
    const variant = JSON.stringify([cache, url, Object.entries(vary).toSorted()])
    const isDescribed = this.#described.has(variant)
    this.#described.add(variant)
    let place = placed.get(keyOf(resource))
    if (place === undefined) {
      place = { path: layout.claimOriginal(resource, this.#origin) }
      placed.set(keyOf(resource), place)
      this.#files.push(toFile(resource, place.path))
      if (isDescribed) {
        const message = `A further answer of ${url} is packed, but no import can restore it: nothing that is kept of its request tells it from the first`
        this.#warn('bundle-left-out', message, url)
      }
    }
    if (isDescribed) return
    this.#responses.push({
      url,
      cache,
      ...(Object.keys(vary).length > 0 && { vary }),
      status,
      statusText,
      headers,
      size,
      crc32: resource.crc32.toString(16).padStart(8, '0'),
      sha256,
      type: typeOf(resource),
      ...place,
    })
  }

  #withTexts(layout: Layout): FileInput[] {
    const created = new Date().toISOString()
    const facts: BundleFacts = { scope: this.#scope, created, needServer: this.#needServer }
    const start = layout.start && layout.pathOf(layout.start)
    const description: BundleDescription = {
      version: DESCRIPTION_VERSION,
      generator: GENERATOR,
      origin: this.#origin,
      scope: this.#scope,
      created,
      start: start ?? FIRST_PAGE,
      responses: this.#responses,
    }
    return [
      { name: DESCRIPTION_NAME, data: `${JSON.stringify(description, undefined, 1)}\n` },
      { name: README_NAME, data: readme(facts) },
      ...(layout.leads ? [{ name: FIRST_PAGE, data: leadingPage(start, facts) }] : []),
      ...this.#files,
      ...this.#collection.others,
    ]
  }

  #warnOfStart(url: string, { start }: Layout): void {
    const instead = start === undefined ? 'there is no page that could open' : `${start.url} opens`
    this.#warn(
      'bundle-left-out',
      `${url} is not in the bundle: ${instead}; cache it, or add it to routes`,
      url,
    )
  }

  #warnOfModules(url: string, path: string): void {
    this.#needServer.push(path)
    const message = `${path} shows little from a disk, as its scripts are modules: add its URL to routes, build classic scripts too (nomodule), or open it with npx http-server`
    this.#warn('bundle-needs-server', message, url)
  }

  #warn(code: BundleWarning['code'], message: string, url: string): void {
    this.#gathering.warn({ code, message, url })
  }
}

/** The folder that the app lives in: `folder`, or the nearest one above that has a page, as a deep route has none of its own. */
function homeOf(index: ResourceIndex, folder: string): string | undefined {
  for (let url = folder; ;) {
    const page = index.find(url)
    if (page !== undefined && typeOf(page) === 'text/html') return url
    const above = new URL('../', url).href
    if (above === url) return undefined
    url = above
  }
}

/** The same for responses that have one file: of one URL, with the same bytes. */
function keyOf({ url, sha256, size }: Resource): string {
  return `${size} ${sha256} ${plainUrl(url)}`
}

function nothing(): HoldallError {
  const message =
    'Cannot make a bundle: there is nothing in it; cache the app first, or give routes or files'
  return new HoldallError('no-files', message, {})
}
