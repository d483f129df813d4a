/** Looks for what was interrupted of the files that the element packs, and offers it below the button; loaded late. */

import type { ZipOptions } from '../client/options.ts'
import { isHoldallError, type ErrorCode } from '../errors.ts'
import type { Files } from './files.ts'
import type { NumberFormats } from './format.ts'
import type { Interrupted } from './interrupted.ts'
import type { WidgetJob } from './jobs.ts'
import type { WidgetText } from './text.ts'
import type { Actions, View } from './view.ts'

/** What a job that is gone on with fails with each time. All else may have been the network's fault, or the disk's. */
const FOR_GOOD: ReadonlySet<ErrorCode> = new Set([
  'cancelled', // then nothing is kept of it
  'invalid-checkpoint',
  'source-changed',
  'size-mismatch',
  'crc-mismatch',
  'sha256-mismatch',
  'length-mismatch',
] satisfies ErrorCode[])

export class LookBack {
  readonly #view: View
  readonly #changed: () => void
  readonly #actions: Pick<Actions, 'start'>
  #found: Interrupted | undefined
  /** What was asked for last; answers to anything before it are late. */
  #asked: object | undefined
  #clicked = false
  /** Whether the last run went on with it. */
  #resumed = false

  /** @param changed Called when there is something to be drawn. */
  constructor(view: View, changed: () => void, actions: Pick<Actions, 'start'>) {
    this.#view = view
    this.#changed = changed
    this.#actions = actions
  }

  /**
   * Looks for what was interrupted of `files`, or with `all` of some of those, and offers it in place of what was found
   * before.
   */
  look(files: Files, { baseURL }: ZipOptions, all?: Files): void {
    const among = all ?? files
    if (!this.#found?.isOf(among, baseURL)) this.#put(undefined)
    const asked = {}
    this.#asked = asked
    const take = (found?: Interrupted): void => {
      if (this.#asked === asked) this.#put(found)
    }
    find(among, baseURL, all !== undefined).then(take, () => take()) // of a browser that keeps nothing, say
  }

  /**
   * The user begins with `files`. Gives the job, which is running, if it goes on with what was interrupted of them:
   * that was clicked, or has failed once more. Else it is not wanted any more.
   *
   * @param error What the run before failed with.
   */
  begin(files: Files, error: Error | undefined, options: ZipOptions): WidgetJob | undefined {
    this.#asked = undefined
    // what was clicked is what is meant, also if others were chosen a moment ago
    const isOf = this.#clicked || this.#found?.isOf(files, options.baseURL)
    const found = isOf ? this.#found : undefined
    const again = this.#resumed && error !== undefined && !isForGood(error) && !isOfFile(error)
    this.#resumed = found !== undefined && (this.#clicked || again)
    if (this.#resumed) return found?.resume(options)
    if (!isOfFile(error)) found?.discard()
    this.#put(undefined)
    return undefined
  }

  /**
   * @param idle Whether nothing is being downloaded, nor was.
   * @param disabled Whether nothing can be begun.
   */
  draw(text: WidgetText, format: NumberFormats, idle: boolean, disabled: boolean): void {
    if (idle) this.#found?.draw(text, format, disabled)
    else if (this.#remove()) this.#view.focus({ preventScroll: true })
  }

  #put(found: Interrupted | undefined): void {
    const held = this.#remove()
    this.#found = found
    this.#resumed = false
    if (found === undefined) {
      if (held) this.#view.focus({ preventScroll: true })
      return
    }
    found.element.addEventListener('click', () => {
      this.#clicked = true
      this.#actions.start()
      this.#clicked = false
    })
    this.#view.append(found.element)
    this.#changed()
    if (held) found.element.focus({ preventScroll: true })
  }

  /** Takes the button away. Returns whether it had the focus, which must not fall back to the top of the page. */
  #remove(): boolean {
    const element = this.#found?.element
    const held = element?.matches(':focus') === true
    element?.remove()
    return held
  }
}

/** Whether its file could not be written, and so was given up; or could not be read, and is kept for a later visit. */
function isOfFile(error: Error | undefined): boolean {
  return isHoldallError(error, 'sink-failed')
}

function isForGood(error: Error): boolean {
  return isHoldallError(error) && FOR_GOOD.has(error.code)
}

async function find(
  files: Files,
  base: string | URL | undefined,
  some: boolean,
): Promise<Interrupted | undefined> {
  // most pages have none: nothing more is loaded there, and no database made
  const databases = await indexedDB.databases()
  if (!databases.some((database) => database.name === 'holdall')) return undefined
  const { interruptedJob } = await import('./interrupted.ts')
  return interruptedJob(files, base, some)
}
