/** What is said aloud of a download, to who does not see it; and when. */

import type { Readout, WidgetState } from './readout.ts'
import type { WidgetText } from './text.ts'

/** How often it is told how far it is. */
const QUARTERS = 4

export class Announcement {
  #state: WidgetState | undefined
  #quarter = 0
  #note = ''

  /** What to say now, if there is anything new: another state, or a further quarter. Not every figure. */
  next(readout: Readout, note: string, text: WidgetText): string | undefined {
    const { state, title, detail, leftOut, share = 0 } = readout
    const quarter = Math.floor(share * QUARTERS)
    const same = state === this.#state && (state !== 'running' || quarter === this.#quarter)
    const first = this.#state === undefined
    // while it is planned, it would be gone before it is read to its end
    const heard = state === 'planning' ? this.#note : note
    const news = heard === this.#note ? '' : note
    this.#state = state
    this.#quarter = quarter
    this.#note = heard
    if ((same && news === '') || (first && (state === 'idle' || state === 'empty')))
      return undefined
    const words = state === 'running' ? [text.running, title, news] : [title, detail, news, leftOut]
    return [...new Set(words)].filter((word) => word !== '').join(text.separator)
  }
}
