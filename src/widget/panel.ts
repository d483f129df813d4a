/** What stands in the button's place while a download runs, and when it is over; loaded with the page API. */

import { adoptStyle } from './adopt-style.ts'
import { Announcement } from './announcement.ts'
import { create, write } from './create.ts'
import { withFigures } from './figures.ts'
import { createIcon, drawIcon, iconIn } from './icons.ts'
import { listStyle } from './list-style.ts'
import { panelStyle } from './panel-style.ts'
import { noteOf } from './note.ts'
import type { Facts, Readout } from './readout.ts'
import type { WidgetText } from './text.ts'
import type { Actions, Setting } from './view.ts'

const PAUSE = 'M9 6v12M15 6v12'
const RESUME = 'M8 5.5v13l10-6.5z'
const CANCEL = 'M6.5 6.5l11 11m0-11l-11 11'
const SIGNS: Partial<Record<string, string>> = {
  done: 'M5 12.5l4.5 4.5L19 7.5',
  failed: 'M12 5v9m0 4.5v.01',
}

/** States that can be held up, or are. */
const PAUSABLE: ReadonlySet<string> = new Set(['running', 'waiting', 'taken-over', 'paused'])

/** Less than this leaves no room for figures beside everything else, in em. */
const NARROW = 18

export class Panel {
  /** Takes the focus from what is not to be seen any more. */
  readonly element: HTMLElement = create('div', { part: 'panel', class: 'box', role: 'group' })
  readonly #sign = createIcon()
  readonly #title = create('bdi', {})
  readonly #detail = create('bdi', {})
  readonly #note = create('bdi', {})
  readonly #pauseIcon = createIcon(PAUSE)
  readonly #pause = button('pause', this.#pauseIcon)
  readonly #cancel = button('cancel', createIcon(CANCEL))
  readonly #retry = button('retry')
  readonly #again = button('again', createIcon())
  readonly #bar = create('div', { part: 'bar' })
  readonly #track = create('div', { part: 'track', role: 'progressbar' }, this.#bar)
  readonly #leftOut = create('bdi', {})
  readonly #skipped = create('ul', { part: 'list', role: 'list' })
  /** The list of what is not in the archive. */
  readonly failures: HTMLElement = create(
    'details',
    { part: 'failures' },
    create('summary', { part: 'summary' }, this.#leftOut),
    this.#skipped,
  )
  /** Read aloud. */
  readonly status: HTMLElement = create('p', { role: 'status', class: 'heard' })
  readonly #announcement = new Announcement()
  #paused = false

  constructor(root: ShadowRoot, actions: Actions) {
    adoptStyle(root, listStyle)
    adoptStyle(root, panelStyle)
    this.element.tabIndex = -1
    this.element.append(
      iconIn(this.#sign),
      create(
        'span',
        { class: 'words' },
        create('span', { part: 'title' }, this.#title),
        create('span', { part: 'detail' }, this.#detail),
        create('span', { part: 'note' }, this.#note),
      ),
      this.#pause,
      this.#cancel,
      this.#retry,
      this.#again,
      this.#track,
    )
    // not a container of CSS: that could not be as wide as what it holds
    new ResizeObserver(([entry]) => {
      const em = parseFloat(getComputedStyle(this.element).fontSize)
      this.element.classList.toggle('narrow', entry!.contentRect.width < NARROW * em)
    }).observe(this.element)
    for (const start of [this.#retry, this.#again]) {
      start.addEventListener('click', ({ detail }) => detail > 1 || actions.start())
    }
    this.#cancel.addEventListener('click', ({ detail }) => detail > 1 || actions.cancel())
    this.#pause.addEventListener('click', () => (this.#paused ? actions.resume() : actions.pause()))
  }

  /**
   * @param plain Without figures.
   * @returns With them.
   */
  draw(
    plain: Readout,
    facts: Facts,
    text: WidgetText,
    { label, format, disabled }: Setting,
  ): Readout {
    const readout = withFigures(plain, facts, text, format)
    const { state, title, detail, share } = readout
    const over = state === 'done' || state === 'failed'
    this.#paused = state === 'paused'

    this.element.setAttribute('aria-label', label)
    write(this.#title, title)
    write(this.#detail, detail)
    const note = noteOf(facts, text)
    write(this.#note, note)
    drawIcon(this.#sign, SIGNS[state])
    drawIcon(this.#pauseIcon, this.#paused ? RESUME : PAUSE)
    name(this.#pause, this.#paused ? text.resume : text.pause)
    name(this.#cancel, text.cancel)
    this.#pause.hidden = !PAUSABLE.has(state)
    this.#cancel.hidden = over
    this.#retry.hidden = state !== 'failed'
    this.#again.hidden = state !== 'done'
    this.#retry.disabled = this.#again.disabled = disabled
    write(this.#retry, text.retry)
    name(this.#again, text.again)

    this.#track.hidden = over
    this.#track.setAttribute('aria-label', text.progress)
    this.#track.setAttribute('aria-valuetext', title)
    if (share === undefined) this.#track.removeAttribute('aria-valuenow')
    else this.#track.setAttribute('aria-valuenow', String(Math.floor(share * 100)))
    this.#bar.style.inlineSize = share === undefined ? '' : `${share * 100}%`
    this.#bar.classList.toggle('unknown', share === undefined)

    this.#drawSkipped(readout)
    const news = this.#announcement.next(readout, note, text)
    if (news !== undefined) write(this.status, news) // written anew, the same would be read again
    return readout
  }

  #drawSkipped({ leftOut, skipped }: Readout): void {
    this.failures.hidden = skipped.length === 0
    write(this.#leftOut, leftOut)
    if (skipped.length === this.#skipped.childElementCount) return
    this.#skipped.replaceChildren(
      ...skipped.map((words) => create('li', {}, create('bdi', {}, words))),
    )
  }
}

function button(part: string, ...children: readonly Node[]): HTMLButtonElement {
  return create('button', { type: 'button', part }, ...children)
}

/** Says what `button` does: to those who see its picture, and to those who do not. */
function name(element: HTMLButtonElement, words: string): void {
  element.setAttribute('aria-label', words)
  element.title = words
}
