/** The page's end of one worker: hands over the files, has the archive made, sees when it breaks. */

import { proxy, transfer, wrap, type Remote } from 'comlink'
import { HoldallError } from '../errors.ts'
import type { RunSummary } from '../engine/summary.ts'
import type { ArchiveOptions, FileInput } from '../manifest/types.ts'
import type {
  Outcome,
  PackWorker,
  PageServices,
  PlanSummary,
  RunGuard,
  SaveGuard,
} from '../worker/protocol.ts'
import { fromWire, toWire } from '../port/wire-error.ts'
import { startWorker } from './configuration.ts'
import { loaded } from './loaded.ts'
import { RemoteContents, wireOptions } from './wire-files.ts'

/** Files sent at once: few enough that the page stays responsive while there are many. */
const BATCH = 500

/** What the worker tells its page, and asks of it, but for contents. */
export type PageEvents = Pick<PageServices, 'refreshUrl'> & Partial<Omit<PageServices, 'open'>>

/** Makes one archive in a worker of its own. */
export class Packer {
  readonly #worker: Worker
  readonly #remote: Remote<PackWorker>
  readonly #contents = new RemoteContents()
  readonly #broken: Promise<never>
  #break: (error: HoldallError) => void = () => undefined

  readonly #page: PageEvents

  /** @throws {HoldallError} `worker-failed`. */
  constructor(page: PageEvents) {
    this.#page = page
    this.#broken = new Promise((_, reject) => {
      this.#break = reject
    })
    this.#broken.catch(() => undefined) // told to whoever waits for the worker
    try {
      this.#worker = startWorker()
    } catch (cause) {
      throw workerFailed((cause as Error).message, cause)
    }
    this.#worker.addEventListener('error', ({ message, filename }) => {
      this.#break(workerFailed(message || `${filename || 'its script'} could not be loaded`))
    })
    this.#remote = wrap<PackWorker>(this.#worker)
  }

  /**
   * Plans the archive of `files`, or of the manifest at that URL.
   *
   * @throws {HoldallError} One of the codes for bad input.
   */
  async prepare(
    files: Iterable<FileInput> | string,
    options: ArchiveOptions,
  ): Promise<PlanSummary> {
    if (typeof files !== 'string') await this.#send(files)
    const manifest = typeof files === 'string' ? files : undefined
    const wire = wireOptions(options)
    return this.#value(
      cloned<Outcome<PlanSummary>>(this.#remote.prepare(this.#services(), wire, manifest), wire),
    )
  }

  /**
   * Plans the archive of a job that is stored.
   *
   * @param claims Whether to go on with it; see `PackWorker`.
   * @throws {HoldallError} `invalid-checkpoint`, if it is not, or not as this library would plan it; `already-started`.
   */
  restore(id: string, claims: boolean): Promise<PlanSummary> {
    return this.#value(this.#remote.restore(this.#services(), id, claims))
  }

  #services(): PageServices {
    return proxy({
      progress: ignore,
      waiting: ignore,
      ...this.#page,
      open: (remote: number) => this.#contents.open(remote),
    })
  }

  async #send(files: Iterable<FileInput>): Promise<void> {
    let batch: FileInput[] = []
    let sent = 0
    const flush = async (): Promise<void> => {
      const wire = await this.#contents.toWire(batch)
      batch = []
      const added = this.#remote.add(transfer(wire.files, wire.transfer))
      await this.#unbroken(cloned(added, wire.files, sent))
      sent += wire.files.length
    }
    for (const file of files) {
      if (batch.push(file) === BATCH) await flush()
    }
    await flush()
  }

  /** Has the worker get ready for `run`, with that Web Lock; see `PackWorker`. */
  arm(lock: string): void {
    void this.#remote.arm(lock)
  }

  /** Makes the archive, and sends it over `port`. */
  run(port: MessagePort, guard?: RunGuard): Promise<RunSummary> {
    return this.#value(this.#remote.run(transfer(port, [port]), guard))
  }

  /** Makes the archive, and has the worker write it to a file: the page is not in the way of the bytes. */
  save(target: FileSystemFileHandle, guard: SaveGuard): Promise<RunSummary> {
    return this.#value(this.#remote.save(target, guard))
  }

  pause(): void {
    void this.#remote.pause()
  }

  resume(): void {
    void this.#remote.resume()
  }

  cancel(reason: Error): void {
    void this.#remote.cancel(toWire(reason))
  }

  /**
   * Ends the worker, whatever it is doing.
   *
   * @param error What has failed the archive that it was making, which streams of the page are told.
   */
  terminate(error?: unknown): void {
    this.#worker.terminate()
    this.#contents.end(error)
  }

  async #value<T>(call: Promise<Outcome<T>>): Promise<T> {
    const outcome = await this.#unbroken(call)
    if (outcome.ok) return outcome.value
    throw fromWire(outcome.error)
  }

  #unbroken<T>(call: Promise<T>): Promise<T> {
    return Promise.race([call, this.#broken])
  }
}

/** What `call` gives. It fails for what it sends alone, where that cannot be cloned: the error says what of it. */
async function cloned<T>(call: Promise<T>, sends: object, begin = 0): Promise<T> {
  try {
    return await call
  } catch (error) {
    const { notCloneable } = await loaded(import('./not-cloneable.ts'))
    throw notCloneable(sends, error, (place) => begin + place)
  }
}

function ignore(): void {
  // nobody wants to know
}

/** The error for a worker that cannot be started, or broke down. */
export function workerFailed(why: string, cause?: unknown): HoldallError {
  return new HoldallError(
    'worker-failed',
    `Cannot start the worker that makes the archive: ${why}; copy node_modules/holdall/dist/holdall-worker.js to the site and say configure({ worker: its URL }), if the bundler does not emit it; allow it by worker-src in the page's Content-Security-Policy, and send the page's Cross-Origin-Embedder-Policy with it`,
    {},
    { cause },
  )
}
