/** Offers what was interrupted of the files that the element packs, in one click; loaded when there may be some. */

import { ZipJob } from '../client/job.ts'
import { answerPings } from '../client/keep-alive.ts'
import type { ZipOptions } from '../client/options.ts'
import { listUnfinished, type Unfinished } from '../client/unfinished.ts'
import type { StoredJob } from '../engine/stored-job.ts'
import { create, write } from './create.ts'
import type { Files } from './files.ts'
import type { NumberFormats } from './format.ts'
import type { WidgetJob } from './jobs.ts'
import type { WidgetText } from './text.ts'

/** What URLs are relative to. Default: the page's. */
type Base = string | URL | undefined

/** A button, and the job behind it. */
export class Interrupted {
  readonly element: HTMLButtonElement = create('button', { type: 'button', part: 'interrupted' })
  readonly #job: Unfinished
  readonly #stored: StoredJob

  constructor(job: Unfinished, stored: StoredJob) {
    this.#job = job
    this.#stored = stored
  }

  /** Whether it is of these files: see `interruptedJob()`. */
  isOf(files: Files, base: Base): boolean {
    return isOf(this.#stored, files, base)
  }

  /** Goes on with it. To be called in the click, as the browser may have to ask its user. */
  resume({ signal, refreshUrl }: ZipOptions): WidgetJob {
    return begun(this.#job.resume({ ...(signal && { signal }), ...(refreshUrl && { refreshUrl }) }))
  }

  /** Nobody wants it any more. */
  discard(): void {
    void this.#job.discard()
  }

  draw(text: WidgetText, format: NumberFormats, disabled: boolean): void {
    const { name, bytes, length } = this.#job
    const share = length === undefined || bytes === 0 ? '' : format.percent(bytes / length)
    write(this.element, text.interrupted(name, share))
    this.element.disabled = disabled
  }
}

/** The last download of `files` that was interrupted. No upload: only its page knows where that goes. */
export async function interruptedJob(files: Files, base?: Base): Promise<Interrupted | undefined> {
  answerPings() // what this page had begun before it was reloaded may go on still
  const found = new Map<string, StoredJob>()
  const wanted = (job: StoredJob): boolean => {
    if (job.upload !== undefined || !isOf(job, files, base)) return false
    found.set(job.id, job)
    return true
  }
  const jobs = await listUnfinished((id, options) => new ZipJob([], options, id), wanted)
  const newest = Math.max(...jobs.map(({ created }) => created.getTime()))
  const last = jobs.find(({ created }) => created.getTime() === newest)
  return last && new Interrupted(last, found.get(last.id)!)
}

/**
 * Whether `stored` packs these files: known by their URLs, as nothing else outlives a page. Those of a manifest by the
 * manifest's: archives of one name are of many albums.
 */
function isOf(
  { files: stored, manifest }: StoredJob,
  files: Files,
  base: Base = document.baseURI,
): boolean {
  if (typeof files === 'string') return manifest !== undefined && manifest === absolute(files, base)
  if (files.length === 0 || stored.length !== files.length) return false
  return stored.every(({ source }, index) => {
    const file = files[index]
    const url = typeof file === 'object' && 'url' in file ? file.url : file
    if (source?.type !== 'url' || !(typeof url === 'string' || url instanceof URL)) return false
    return absolute(url, base) === source.url
  })
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
