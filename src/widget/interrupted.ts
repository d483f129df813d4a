/** Offers what was interrupted of the files that the element packs, in one click; loaded when there may be some. */

import { ZipJob } from '../client/job.ts'
import { answerPings } from '../client/keep-alive.ts'
import type { ZipOptions } from '../client/options.ts'
import { listUnfinished, type Unfinished } from '../client/unfinished.ts'
import type { StoredJob } from '../engine/stored-job.ts'
import type { FileInput } from '../manifest/types.ts'
import { create, write } from './create.ts'
import type { Files } from './files.ts'
import type { NumberFormats } from './format.ts'
import type { WidgetJob } from './jobs.ts'
import type { WidgetText } from './text.ts'

/** What URLs are relative to. Default: the page's. */
type Base = string | URL | undefined

/** A button, and the job behind it. */
export class Interrupted {
  /** Which of the element's it packs; `undefined` for all. */
  readonly part: readonly FileInput[] | undefined
  readonly element: HTMLButtonElement = create('button', { type: 'button', part: 'interrupted' })
  readonly #job: Unfinished
  readonly #stored: StoredJob

  constructor(job: Unfinished, stored: StoredJob, part?: readonly FileInput[]) {
    this.part = part
    this.#job = job
    this.#stored = stored
  }

  /** Whether it is of these files: see `interruptedJob()`. */
  isOf(files: Files, base: Base): boolean {
    return isOf(this.#stored, files, base, this.part !== undefined)
  }

  /** Goes on with it. To be called in the click, as the browser may have to ask its user. */
  resume({ signal, refreshUrl }: ZipOptions): WidgetJob {
    return begun(this.#job.resume({ ...(signal && { signal }), ...(refreshUrl && { refreshUrl }) }))
  }

  /** Nobody wants it any more. */
  discard(): void {
    void this.#job.discard()
  }

  draw(text: WidgetText, format: NumberFormats, disabled: boolean, hidden: boolean): void {
    const { name, bytes, length } = this.#job
    const share = length === undefined || bytes === 0 ? '' : format.percent(bytes / length)
    write(this.element, text.interrupted(name, share))
    this.element.disabled = disabled
    this.element.hidden = hidden
  }
}

/**
 * The last download of `files` that was interrupted. No upload: only its page knows where that goes.
 *
 * @param some Whether it may be of some of them.
 */
export async function interruptedJob(
  files: Files,
  base?: Base,
  some = false,
): Promise<Interrupted | undefined> {
  answerPings() // what this page had begun before it was reloaded may go on still
  const found = new Map<string, StoredJob>()
  const wanted = (job: StoredJob): boolean => {
    if (job.upload !== undefined || !isOf(job, files, base, some)) return false
    found.set(job.id, job)
    return true
  }
  const jobs = await listUnfinished((stored, options) => new ZipJob([], options, stored), wanted)
  const newest = Math.max(...jobs.map(({ created }) => created.getTime()))
  const last = jobs.find(({ created }) => created.getTime() === newest)
  if (last === undefined) return undefined
  const stored = found.get(last.id)!
  const isPart = some && typeof files === 'object'
  return new Interrupted(last, stored, isPart ? partOf(files, stored, base) : undefined)
}

/** Those of `files` that `stored` packs. */
function partOf(
  files: readonly FileInput[],
  { files: stored }: StoredJob,
  base: Base = document.baseURI,
): readonly FileInput[] {
  const urls = new Set(stored.map(({ source }) => source?.type === 'url' && source.url))
  return files.filter((file) => urls.has(urlOf(file, base) ?? false))
}

/**
 * Whether `stored` packs these files: known by their URLs, as nothing else outlives a page. Those of a manifest by the
 * manifest's: archives of one name are of many albums.
 */
function isOf(
  { files: stored, manifest }: StoredJob,
  files: Files,
  base: Base = document.baseURI,
  some: boolean,
): boolean {
  if (typeof files === 'string') return manifest !== undefined && manifest === absolute(files, base)
  if (stored.length !== files.length && !some) return false
  const urls = files.map((file) => urlOf(file, base))
  const known = new Set(some ? urls : [])
  return (
    files.length > 0 &&
    stored.every(
      ({ source }, index) =>
        source?.type === 'url' && (some ? known.has(source.url) : urls[index] === source.url),
    )
  )
}

function urlOf(file: FileInput, base: string | URL): string | undefined {
  const url = typeof file === 'object' && 'url' in file ? file.url : file
  return typeof url === 'string' || url instanceof URL ? absolute(url, base) : undefined
}

/** `undefined` for what is no URL: the job that is given it tells so. */
function absolute(url: string | URL, base: string | URL): string | undefined {
  try {
    return new URL(url, base).href
  } catch {
    return undefined
  }
}

/** `job`, which is running already, for who would begin it. */
function begun(job: ZipJob): WidgetJob {
  return {
    addEventListener: job.addEventListener.bind(job),
    download: () => job.finished,
    plan: () => job.plan(),
    pause: () => job.pause(),
    resume: () => job.resume(),
    cancel: (reason) => job.cancel(reason),
    get needsPage() {
      return job.needsPage
    },
  }
}
