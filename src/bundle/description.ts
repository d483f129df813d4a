/** The file of a bundle that says what is in it: `holdall-bundle.json`. */

/** Its name, at the root of the ZIP. */
export const DESCRIPTION_NAME = 'holdall-bundle.json'

/** The version of its shape, which a reader must know to read on. */
export const DESCRIPTION_VERSION = 1

/** What `holdall-bundle.json` holds. */
export interface BundleDescription {
  readonly version: typeof DESCRIPTION_VERSION
  /** What wrote it: `holdall 0.1.0`. */
  readonly generator: string
  /** The origin of the app that was exported: `https://app.example`. */
  readonly origin: string
  /** The URL that the app lives under, absolute, with a slash at its end. */
  readonly scope: string
  /** When it was written, as in ISO 8601. */
  readonly created: string
  /** The path in the ZIP of the page that opens. */
  readonly start: string
  readonly responses: readonly BundledResponse[]
}

/** One response of a bundle. */
export interface BundledResponse {
  /** As it was asked for, absolute; with Workbox's `__WB_REVISION__`, where the cache's key has it. */
  readonly url: string
  /** The cache it is of; `null` if it was fetched or given. */
  readonly cache: string | null
  /** The headers of its request that its `Vary` names, if any; if it was fetched, only `Accept` and `Accept-…`. */
  readonly vary?: Readonly<Record<string, string>>
  readonly status: number
  readonly statusText: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Bytes of its body, as it came. */
  readonly size: number
  /** CRC-32 of that body, eight hexadecimal digits. */
  readonly crc32: string
  /** SHA-256 of that body, 64 hexadecimal digits. */
  readonly sha256: string
  /** Its content type without parameters; empty if it has none. */
  readonly type: string
  /** Where in the ZIP that body is, byte for byte. */
  readonly path: string
  /** Where its form for reading from disk is, if that is another. */
  readonly page?: string
}
