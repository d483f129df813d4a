/** The page's end of a worker that reads caches and Blobs for their digests, and makes no archive. */

import { wrap, type Remote } from 'comlink'
import type { HoldallError } from '../errors.ts'
import { fromWire } from '../port/wire-error.ts'
import type { CachedResponse, OpaqueResponse } from '../sources/cache-storage.ts'
import type { Digests } from '../sources/digest.ts'
import type { Outcome, PackWorker } from '../worker/protocol.ts'
import { startWorker } from './configuration.ts'
import { workerFailed } from './packer.ts'

export class Digester {
  readonly #worker: Worker
  readonly #remote: Remote<PackWorker>
  readonly #broken: Promise<never>

  /** @throws {HoldallError} `worker-failed`. */
  constructor() {
    try {
      this.#worker = startWorker()
    } catch (cause) {
      throw workerFailed((cause as Error).message, cause)
    }
    this.#broken = new Promise((_, reject: (error: HoldallError) => void) => {
      this.#worker.addEventListener('error', ({ message, filename }) =>
        reject(workerFailed(message || `${filename || 'its script'} could not be loaded`)),
      )
    })
    this.#broken.catch(() => undefined) // told to whoever waits for the worker
    this.#remote = wrap<PackWorker>(this.#worker)
  }

  /**
   * All that is in the cache `name`, each response read to its end.
   *
   * @returns `undefined` if there is no such cache.
   */
  survey(name: string): Promise<readonly (CachedResponse | OpaqueResponse)[] | undefined> {
    return this.#value(this.#remote.survey(name))
  }

  /** What is known of bytes by reading them. */
  digest(blob: Blob): Promise<Digests> {
    return this.#value(this.#remote.digest(blob))
  }

  /** Ends the worker, whatever it is doing. */
  terminate(): void {
    this.#worker.terminate()
  }

  async #value<T>(call: Promise<Outcome<T>>): Promise<T> {
    const outcome = await Promise.race([call, this.#broken])
    if (outcome.ok) return outcome.value
    throw fromWire(outcome.error)
  }
}
