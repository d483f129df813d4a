/** What the element offers before a download: an archive that is planned, and what was interrupted; loaded late. */

import type { ZipOptions } from '../client/options.ts'
import type { PlanSummary } from '../worker/protocol.ts'
import type { Files } from './files.ts'
import type { NumberFormats } from './format.ts'
import type { MakeJob, WidgetJob } from './jobs.ts'
import type { LookBack } from './look-back.ts'
import { Preview } from './preview.ts'
import type { Facts } from './readout.ts'
import type { WidgetText } from './text.ts'
import type { Actions, View } from './view.ts'

export class Offers {
  readonly #preview: Preview
  readonly #view: View
  readonly #actions: Actions
  readonly #changed: () => void
  readonly #looksBack: boolean
  #lookBack: LookBack | undefined

  /**
   * @param makeJob Makes the job that is planned.
   * @param changed Called when there is something to be drawn.
   * @param looksBack Whether what was interrupted is offered.
   */
  constructor(
    view: View,
    actions: Actions,
    makeJob: MakeJob,
    changed: () => void,
    looksBack: boolean,
  ) {
    this.#preview = new Preview(makeJob, changed)
    this.#view = view
    this.#actions = actions
    this.#changed = changed
    this.#looksBack = looksBack
  }

  /** What the archive will be, once it is known. */
  get plan(): PlanSummary | undefined {
    return this.#preview.plan
  }

  /** How many files were begun with, if they are not those that were chosen. */
  get begun(): Pick<Facts, 'chosen'> | undefined {
    return this.#lookBack?.begun
  }

  /**
   * Finds out what there is to offer of `files`, once they are known.
   *
   * @param plans Whether servers may be asked for sizes.
   * @param all What they were chosen of, if they were: then it is also offered what was interrupted of others of these.
   */
  async ask(
    files: Files | undefined,
    options: ZipOptions,
    plans: boolean,
    all?: Files,
  ): Promise<void> {
    if (files === undefined) return
    if (plans && files.length > 0) this.#preview.ask(files, options)
    if (!this.#looksBack) return
    const { LookBack } = await import('./look-back.ts') // which an element of an embedding has not got
    this.#lookBack ??= new LookBack(this.#view, this.#changed, this.#actions)
    this.#lookBack.look(files, options, all)
  }

  /**
   * What the user begins with, who has chosen `files`: these, or what was interrupted of others.
   *
   * @param all What they were chosen of.
   * @param error What the run before failed with.
   */
  filesOf(files: Files, all: Files | undefined, error: Error | undefined): Files {
    return this.#lookBack?.filesOf(files, all, error) ?? files
  }

  /**
   * The user begins with `files`. Gives the job to follow, if there is one: that of what was interrupted, if it is to be gone on
   * with, or else the planned one.
   *
   * @param chosen What the user has chosen: see `filesOf()`.
   * @param error What the run before failed with.
   */
  take(
    files: Files,
    chosen: Files,
    error: Error | undefined,
    options: ZipOptions,
  ): WidgetJob | undefined {
    if (files !== chosen) this.#preview.drop() // it is of what was chosen
    const job = this.#lookBack?.begin(files, chosen, error, options) ?? this.#preview.take()
    this.#preview.stop()
    return job
  }

  /** Plans no more, and forgets what is known. */
  drop(): void {
    this.#preview.drop()
  }

  /** Plans no more; what is known remains. */
  stop(): void {
    this.#preview.stop()
  }

  /**
   * @param idle Whether nothing is being downloaded, nor was.
   * @param disabled Whether nothing can be begun.
   * @param chosen With nothing in it, nothing is offered.
   */
  draw(
    text: WidgetText,
    format: NumberFormats,
    idle: boolean,
    disabled: boolean,
    chosen: Files | undefined,
  ): void {
    this.#lookBack?.draw(text, format, idle, disabled, chosen?.length === 0)
  }
}
