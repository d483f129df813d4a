/** The worker, in this thread: its own code, and real ports between it and the page. */

import type * as Comlink from 'comlink'
import { vi } from 'vitest'
import { configure } from '../../src/client/configuration.ts'
import { Locks } from '../sw/scope.ts'

/** The port that the worker's code takes for its global scope, while it is loaded. */
let scope: MessagePort | undefined

vi.mock('comlink', async (load) => {
  const comlink = await load<typeof Comlink>()
  return {
    ...comlink,
    expose: (value: unknown, endpoint?: MessagePort) => comlink.expose(value, endpoint ?? scope!),
  }
})

let loading: Promise<unknown> = Promise.resolve()
let loads = 0

/** What the page has for `navigator`. */
const page = { locks: new Locks() }

/** All that were started, in order. */
export const workers: LocalWorker[] = []

/** What `new Worker()` would be. */
export class LocalWorker extends EventTarget {
  ended = false
  readonly #port: MessagePort
  readonly #theirs: MessagePort

  constructor() {
    super()
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.#theirs = port2
    workers.push(this)
    port1.onmessage = ({ data }) => this.dispatchEvent(new MessageEvent('message', { data }))
    loading = loading.then(async () => {
      scope = port2
      loads++
      await import(/* @vite-ignore */ `../../src/worker/main.ts?${loads}`)
      port2.start()
    })
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer as never)
  }

  terminate(): void {
    this.ended = true
    // theirs end with them
    if (workers.every(({ ended }) => ended)) page.locks = new Locks()
    this.#port.close()
    this.#theirs.close()
  }

  /** As a worker that breaks down. */
  break(message: string): void {
    this.dispatchEvent(Object.assign(new Event('error'), { message, filename: '' }))
  }
}

/** Whether the browser asks its user before the page is left. */
export let isGuarded: () => boolean

/** Has every job of these tests made by such workers, as in a page of `baseURI`. */
export function inAPage(baseURI = 'https://app.test/deep/page.html'): void {
  vi.stubGlobal('navigator', page)
  vi.stubGlobal('document', { baseURI })
  const window = new EventTarget()
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window))
  isGuarded = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))
  configure({ worker: () => new LocalWorker() as unknown as Worker })
}

/** Ends them all. */
export function leavePage(): void {
  for (const worker of workers.splice(0)) worker.terminate()
  configure({})
  vi.unstubAllGlobals()
}
