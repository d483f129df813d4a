/** What the scenarios ask of a browser, whichever engine it has; one driver for each way to drive one. */

export interface Browser {
  /** As its maker writes it, such as `Firefox 153.0`. */
  readonly name: string
  /** Opens a page, and waits until it has loaded. */
  open(url: string, options?: OpenOptions): Promise<Page>
  /** The downloads so far, in the order in which they began, in the browser's own words. */
  downloads(): Promise<readonly Download[]>
  close(): Promise<void>
}

export interface OpenOptions {
  /** In a window that leaves no traces. Default: false. */
  readonly private?: boolean
}

export interface Page {
  /**
   * Calls `script` in the page, which knows nothing but its argument and what is there; both the
   * argument and the result are JSON.
   */
  evaluate<Argument, Result>(
    script: (argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ): Promise<Result>
  /** As a user closes a tab. */
  close(): Promise<void>
}

export interface Download {
  readonly url: string
  readonly state: DownloadState
  /** That the browser gave the file. */
  readonly name: string
  /** Of the file, while there is one. */
  readonly path: string
  /** As a user cancels it in the browser's list. */
  cancel(): Promise<void>
}

export type DownloadState = 'running' | 'complete' | 'failed' | 'cancelled'

/** The process of a page has ended, and what it knew with it. */
export class PageLost extends Error {
  override readonly name = 'PageLost'
}

/** `script` with `argument`, as the body of an asynchronous function that returns JSON. */
export function bodyOf(script: (argument: never) => unknown, argument: unknown): string {
  return `return JSON.stringify(await (${script.toString()})(${JSON.stringify(argument) ?? ''}))`
}

/** The result of such a body. */
export function resultOf<Result>(json: string | null | undefined): Result {
  return (json === null || json === undefined ? undefined : JSON.parse(json)) as Result
}
