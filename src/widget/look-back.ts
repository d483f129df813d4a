/** Looks for what was interrupted of the files that the element packs, and offers it below the button; loaded late. */

import type { ZipOptions } from '../client/options.ts'
import type { Files } from './files.ts'
import type { NumberFormats } from './format.ts'
import type { Interrupted } from './interrupted.ts'
import type { WidgetJob } from './jobs.ts'
import type { WidgetText } from './text.ts'
import type { View } from './view.ts'

export class LookBack {
  readonly #view: View
  readonly #changed: () => void
  readonly #begin: (job: Promise<WidgetJob>) => void
  #found: Interrupted | undefined

  /**
   * @param changed Called when there is something to be drawn.
   * @param begin Called with what the user has chosen to go on with.
   */
  constructor(view: View, changed: () => void, begin: (job: Promise<WidgetJob>) => void) {
    this.#view = view
    this.#changed = changed
    this.#begin = begin
  }

  /** Looks for some of `files`, once they are known, and offers it in place of what was found before. */
  look(files: Files | undefined, { baseURL }: ZipOptions): void {
    const take = (found?: Interrupted): void => {
      this.#found?.element.remove()
      this.#found = found
      if (found === undefined) return
      found.element.addEventListener('click', () => this.#begin(Promise.resolve(found.resume())))
      this.#view.append(found.element)
      this.#changed()
    }
    if (files) find(files, baseURL).then(take, () => take()) // of a browser that keeps nothing, say
  }

  /** The user has begun anew: what was before is not wanted any more. */
  drop(): void {
    this.#found?.discard()
  }

  /** @param idle Whether nothing is being downloaded, nor was. */
  draw(text: WidgetText, format: NumberFormats, idle: boolean): void {
    if (idle) this.#found?.draw(text, format)
    else this.#found?.element.remove()
  }
}

async function find(
  files: Files,
  base: string | URL | undefined,
): Promise<Interrupted | undefined> {
  // most pages have none: nothing more is loaded there, and no database made
  const databases = await indexedDB.databases()
  if (!databases.some((database) => database.name === 'holdall')) return undefined
  const { interruptedJob } = await import('./interrupted.ts')
  return interruptedJob(files, base)
}
