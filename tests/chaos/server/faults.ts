/** What a server can do wrong, and what its files are like. */

/** A file as a server has it. */
export interface Served {
  readonly bytes: Buffer
  /** As the field has it, with its quotes. */
  readonly etag?: string | undefined
  readonly lastModified?: string | undefined
  /** Whether it knows Range. Default: true. */
  readonly ranges?: boolean | undefined
  /** No length is announced, and the end is told by the framing. */
  readonly chunked?: boolean | undefined
  /** It is sent compressed, and ranges are those of the compressed form (RFC 9110 §14.2). */
  readonly gzip?: boolean | undefined
  /** Answers to Range are cut to this many bytes, as RFC 9110 §15.3.7 allows. */
  readonly longestPart?: number | undefined
  /** Whether its parts tell no length of the whole: `bytes 0-99/*` (RFC 9110 §14.4). */
  readonly untold?: boolean | undefined
  /** Whether it is of another origin than the page, which sees of its headers only what CORS lets through. */
  readonly foreign?: boolean | undefined
  /** Whether it gives parts whatever `If-Range` says. */
  readonly heedless?: boolean | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** How an answer goes wrong. `at` counts the bytes of its body. */
export type Fault =
  /** The connection is gone: before there is an answer (no `at`), or in the middle; `hard` by RST. */
  | { readonly kind: 'reset'; readonly at?: number; readonly hard?: boolean }
  /** Nothing comes any more: no answer (no `at`), or the rest of it. */
  | { readonly kind: 'stall'; readonly at?: number }
  /** The body ends, as if that were all: short of its Content-Length, or cleanly where it has none. */
  | { readonly kind: 'end'; readonly at: number }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** 416 to a range that is there; to a request for all, nothing is wrong. */
  | { readonly kind: 'refuse-range' }
  /** 206 with bytes from somewhere else, and the Content-Range of those. */
  | { readonly kind: 'wrong-start'; readonly by: number }
  /** 200 with all of it, whatever was asked for. */
  | { readonly kind: 'ignore-range' }
  | { readonly kind: 'redirect'; readonly status: number; readonly to?: string }
  /** The body comes in pieces with a wait after each. */
  | { readonly kind: 'drip'; readonly from: number; readonly piece: number; readonly ms: number }
  /** An error's page, with 200. */
  | { readonly kind: 'page' }
  /** Announces this many bytes more (or fewer) than there are. */
  | { readonly kind: 'length'; readonly by: number }
  /** Another file from now on. */
  | { readonly kind: 'change'; readonly to: Served }
