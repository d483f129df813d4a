/** The responses of a bundle while they are gathered. */

import type { Digester } from '../client/digester.ts'
import { HoldallError, isHoldallError } from '../errors.ts'
import type { BundleWarning } from '../manifest/types.ts'
import { fetchResponse, type Wanted } from './fetch-response.ts'
import { plainUrl, ResourceIndex, type Resource } from './resource.ts'

/** What gathering needs of its job. */
export interface Gathering {
  /** What relative URLs are relative to. */
  readonly baseURL: string
  readonly digester: Pick<Digester, 'survey' | 'digest'>
  readonly signal: AbortSignal
  /** Says a warning, once of each code and URL. */
  warn(warning: BundleWarning): void
}

/** What became of requests, by their URLs: none is made twice. */
export type Answers = Map<string, Resource | HoldallError>

export class Shelf {
  /** In the order in which they were found. */
  readonly resources: Resource[] = []
  readonly index: ResourceIndex = new ResourceIndex()
  readonly #gathering: Gathering
  readonly #answers: Answers

  constructor(gathering: Gathering, answers: Answers) {
    this.#gathering = gathering
    this.#answers = answers
  }

  add(resource: Resource): void {
    this.resources.push(resource)
    this.index.add(resource)
  }

  /**
   * Fetches `file`.
   *
   * @returns Why it could not be fetched, if so.
   * @throws The reason of the job's signal.
   */
  async fetch(file: Wanted & { readonly url: string }): Promise<HoldallError | undefined> {
    const answer = this.#answers.get(file.url) ?? (await this.#ask(file))
    this.#answers.set(file.url, answer)
    if (isHoldallError(answer)) return answer
    this.add(answer)
    return undefined
  }

  async #ask(file: Wanted): Promise<Resource | HoldallError> {
    const { digester, signal } = this.#gathering
    try {
      return await fetchResponse(file, (blob) => digester.digest(blob), signal)
    } catch (error) {
      if (isHoldallError(error, 'source-failed')) return error
      throw error
    }
  }

  /** Says that the response for `url` is not in the bundle. */
  leaveOut(url: string, message: string): void {
    this.#gathering.warn({ code: 'bundle-left-out', message, url })
  }

  /**
   * `url` as pages have it.
   *
   * @throws {HoldallError} `invalid-url`.
   */
  absolute(url: string | URL): string {
    try {
      const { protocol, href } = new URL(url, this.#gathering.baseURL)
      if (/^https?:$/.test(protocol)) return plainUrl(href)
    } catch {
      // The error below says it.
    }
    const shown = String(url)
    const message = `Cannot fetch "${shown}" for the bundle: it is no URL of http: or https:; check how it was built`
    throw new HoldallError('invalid-url', message, { entry: shown, url: shown })
  }
}
