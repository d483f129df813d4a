/** The responses of a bundle while they are gathered. */

import type { Digester } from '../client/digester.ts'
import { HoldallError, isHoldallError } from '../errors.ts'
import type { BundleWarning } from '../manifest/types.ts'
import { fetchable } from '../manifest/url.ts'
import type { Digests } from '../sources/digest.ts'
import { patienceOf } from '../sources/patience.ts'
import { fetchResponse, requestKey, type Wanted } from './fetch-response.ts'
import { isAnswerTo, plainUrl, ResourceIndex, type Resource } from './resource.ts'

/** What gathering needs of its job. */
export interface Gathering {
  /** What relative URLs are relative to. */
  readonly baseURL: string
  readonly digester: Pick<Digester, 'survey' | 'digest'>
  readonly signal: AbortSignal
  /** Says a warning, once of each code and URL. */
  warn(warning: BundleWarning): void
}

/** A file whose URL is absolute. */
type WantedFile = Wanted & { readonly url: string }

/** What became of requests, by what `requestKey` says of them: none is made twice. */
export type Answers = Map<string, Resource | HoldallError>

export class Shelf {
  /** In the order in which they were found. */
  readonly resources: Resource[] = []
  readonly index: ResourceIndex = new ResourceIndex()
  readonly #gathering: Gathering
  readonly #answers: Answers
  /** Whether what was asked for last did not answer: then what is asked for next is asked for again only if that answers. */
  #isSilent = false

  constructor(gathering: Gathering, answers: Answers) {
    this.#gathering = gathering
    this.#answers = answers
  }

  add(resource: Resource): void {
    this.resources.push(resource)
    this.index.add(resource)
  }

  /** What there is for `file` already. */
  get(file: WantedFile): Resource | undefined {
    const first = this.index.get(file.url)
    if (first === undefined) return undefined
    const request = requestKey(file)
    if (isAnswerTo(first, file.headers, request)) return first
    const url = plainUrl(first.url)
    return this.resources.find(
      (resource) => plainUrl(resource.url) === url && isAnswerTo(resource, file.headers, request),
    )
  }

  /**
   * Fetches `file`.
   *
   * @returns Why it could not be fetched, if so.
   * @throws The reason of the job's signal.
   */
  async fetch(file: WantedFile): Promise<HoldallError | undefined> {
    const key = requestKey(file)
    const answer = this.#answers.get(key) ?? (await this.#ask(file))
    this.#answers.set(key, answer)
    if (isHoldallError(answer)) return answer
    this.add(answer)
    return undefined
  }

  async #ask(file: Wanted): Promise<Resource | HoldallError> {
    const { digester, signal } = this.#gathering
    const patience = patienceOf()
    const unanswered = this.#isSilent ? 1 : patience.attempts
    const digest = (blob: Blob): Promise<Digests> => digester.digest(blob)
    try {
      const answer = await fetchResponse(file, digest, signal, patience, unanswered)
      this.#isSilent = false
      return answer
    } catch (error) {
      if (!isHoldallError(error, 'source-failed')) throw error
      this.#isSilent = error.detail.status === undefined
      return error
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
    const shown = String(url)
    const remedy = 'check how it was built'
    const { protocol, href } = fetchable(
      shown,
      this.#gathering.baseURL,
      'a file of the bundle',
      remedy,
    )
    if (/^https?:$/.test(protocol)) return plainUrl(href)
    const message = `Cannot fetch a file of the bundle from "${shown}": it is no URL of http: or https:; ${remedy}`
    throw new HoldallError('invalid-url', message, { entry: shown, url: shown })
  }
}
