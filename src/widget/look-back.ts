/** Looks for what was interrupted of the files that the element packs, and offers it below the button; loaded late. */

import type { ZipOptions } from '../client/options.ts'
import { isHoldallError, type ErrorCode } from '../errors.ts'
import type { FileInput } from '../manifest/types.ts'
import type { Files } from './files.ts'
import type { NumberFormats } from './format.ts'
import type { Interrupted } from './interrupted.ts'
import type { WidgetJob } from './jobs.ts'
import type { Facts } from './readout.ts'
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
  /** How many files were begun with last, if they are not those that were chosen. */
  begun: Pick<Facts, 'chosen'> | undefined
  readonly #view: View
  readonly #changed: () => void
  readonly #actions: Pick<Actions, 'start'>
  #found: Interrupted | undefined
  #base: ZipOptions['baseURL']
  /** What was asked for last; answers to anything before it are late. */
  #asked: object | undefined
  #clicked = false
  /** Whether the last run went on with it. */
  #resumed = false
  /** What that run was of, or the one that made the same anew after it. */
  #last: Interrupted | undefined

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
    this.#base = baseURL
    const asked = {}
    this.#asked = asked
    const take = (found?: Interrupted): void => {
      if (this.#asked === asked) this.#put(found)
    }
    find(among, baseURL, all !== undefined).then(take, () => take()) // of a browser that keeps nothing, say
  }

  /**
   * What the user begins with, who has chosen `files`: what was clicked is what is meant, and what has failed is what is
   * tried again.
   *
   * @param all What they were chosen of; what has failed says nothing of others.
   * @param error What the run before failed with.
   */
  filesOf(files: Files, all: Files | undefined, error: Error | undefined): Files {
    const failed = isFailure(error) && all && this.#last?.isOf(all, this.#base)
    const meant = this.#clicked ? this.#found : failed ? this.#last : undefined
    return meant?.part === undefined || isSame(meant.part, files) ? files : meant.part
  }

  /**
   * The user begins with `files`, as `filesOf()` gives them. Gives the job, which is running, if it goes on with what was
   * interrupted of them: that was clicked, or has failed once more. Else it is not wanted any more.
   *
   * @param chosen What the user has chosen.
   * @param error What the run before failed with.
   */
  begin(
    files: Files,
    chosen: Files,
    error: Error | undefined,
    options: ZipOptions,
  ): WidgetJob | undefined {
    const isOther = files !== chosen && typeof files === 'object'
    this.begun = isOther ? { chosen: files.length } : undefined
    this.#asked = undefined
    const last =
      isFailure(error) && this.#last?.isOf(files, options.baseURL) ? this.#last : undefined
    const again = last !== undefined && this.#resumed && !isForGood(error) && !isOfFile(error)
    const isOf = this.#clicked || this.#found?.isOf(files, options.baseURL)
    const found = isOf ? this.#found : undefined
    const resumed = this.#clicked || again
    if (!resumed) {
      if (!isOfFile(error)) found?.discard()
      this.#put(undefined)
    }
    this.#resumed = resumed
    this.#last = resumed ? found : last
    return resumed ? found?.resume(options) : undefined
  }

  /**
   * @param idle Whether nothing is being downloaded, nor was.
   * @param disabled Whether nothing can be begun.
   * @param none Whether nothing is chosen: then nothing is offered.
   */
  draw(
    text: WidgetText,
    format: NumberFormats,
    idle: boolean,
    disabled: boolean,
    none: boolean,
  ): void {
    if (idle) this.#found?.draw(text, format, disabled, none)
    else if (this.#remove()) this.#view.focus({ preventScroll: true })
  }

  #put(found: Interrupted | undefined): void {
    const held = this.#remove()
    this.#found = found
    this.#resumed = false
    this.#last = undefined
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

function isSame(part: readonly FileInput[], files: Files): boolean {
  return part.length === files.length && part.every((file, index) => file === files[index])
}

function isFailure(error: Error | undefined): boolean {
  return error !== undefined && !isHoldallError(error, 'cancelled')
}

function isForGood(error: Error | undefined): boolean {
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
