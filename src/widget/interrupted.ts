/** Offers what was interrupted of the files that the element packs, in one click; loaded when there may be some. */

import { ZipJob } from '../client/job.ts'
import { listUnfinished, type Unfinished } from '../client/unfinished.ts'
import type { StoredJob } from '../engine/stored-job.ts'
import { create, write } from './create.ts'
import type { Files } from './files.ts'
import type { NumberFormats } from './format.ts'
import type { WidgetJob } from './jobs.ts'
import type { WidgetText } from './text.ts'

/** A button, and the job behind it. */
export class Interrupted {
  readonly element: HTMLButtonElement = create('button', { type: 'button', part: 'interrupted' })
  readonly #job: Unfinished

  constructor(job: Unfinished) {
    this.#job = job
  }

  /** Goes on with it. To be called in the click, as the browser may have to ask its user. */
  resume(): WidgetJob {
    return begun(this.#job.resume())
  }

  /** Nobody wants it any more. */
  discard(): void {
    void this.#job.discard()
  }

  draw(text: WidgetText, format: NumberFormats): void {
    const { name, bytes, length } = this.#job
    const share = length === undefined || bytes === 0 ? '' : format.percent(bytes / length)
    write(this.element, text.interrupted(name, share))
  }
}

/**
 * The last download of `files` that was interrupted. No upload: only its page knows where that goes.
 *
 * @param base What their URLs are relative to.
 */
export async function interruptedJob(
  files: Files,
  base: string | URL = document.baseURI,
): Promise<Interrupted | undefined> {
  const wanted = (job: StoredJob): boolean => job.upload === undefined && isOf(job, files, base)
  const jobs = await listUnfinished((id, options) => new ZipJob([], options, id), wanted)
  const newest = Math.max(...jobs.map(({ created }) => created.getTime()))
  const last = jobs.find(({ created }) => created.getTime() === newest)
  return last && new Interrupted(last)
}

/**
 * Whether `stored` packs these files: known by their URLs, as nothing else outlives a page. Those of a manifest by the
 * manifest's: archives of one name are of many albums.
 */
function isOf({ files: stored, manifest }: StoredJob, files: Files, base: string | URL): boolean {
  if (typeof files === 'string') return manifest === new URL(files, base).href
  if (files.length === 0 || stored.length !== files.length) return false
  return stored.every(({ source }, index) => {
    const file = files[index]
    const url = typeof file === 'object' && 'url' in file ? file.url : file
    if (source?.type !== 'url' || !(typeof url === 'string' || url instanceof URL)) return false
    return new URL(url, base).href === source.url
  })
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
