/** The list of files: whole while it is short, so that find-in-page works, else the part in view. */

import type { FileStates } from './file-states.ts'
import type { Item } from './item.ts'
import { Row, type Mark } from './row.ts'

/** Up to how many rows are all there. */
const WHOLE = 200
/** Rows kept above and below the part in view. */
const MARGIN = 8
/** How long the list is left where the user scrolled it to, in ms. */
const LEAVE_ALONE = 4000

/** How far the files are, all of them. */
export type Marks =
  | { readonly state: 'editable' }
  | { readonly state: 'done'; readonly files: FileStates }
  | {
      readonly state: 'running'
      readonly done: number
      readonly share?: number
      readonly files: FileStates
    }
  | { readonly state: 'failed'; readonly done: number; readonly failed?: number }

export class FileList {
  readonly #scroller: HTMLElement
  readonly #list: HTMLElement
  readonly #rows = new Map<number, Row>()
  #items: readonly Item[] = []
  #marks: Marks = { state: 'editable' }
  #rowHeight = 0
  #touched = -Infinity

  constructor(scroller: HTMLElement, list: HTMLElement, onremove: (index: number) => void) {
    this.#scroller = scroller
    this.#list = list
    scroller.addEventListener('scroll', () => this.#render(), { passive: true })
    for (const type of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
      scroller.addEventListener(type, () => (this.#touched = performance.now()), { passive: true })
    }
    new ResizeObserver(() => this.#measure()).observe(scroller)
    list.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>('.row-remove') : null
      if (button) onremove(Number(button.dataset['index']))
    })
  }

  set items(items: readonly Item[]) {
    const shorter = items.length < this.#items.length
    this.#items = items
    if (shorter) for (const index of this.#rows.keys()) if (index >= items.length) this.#drop(index)
    this.#measure()
  }

  set marks(marks: Marks) {
    this.#marks = marks
    this.#list.classList.toggle('is-locked', marks.state === 'running')
    if (marks.state === 'running') this.#follow(marks.done)
    if (marks.state === 'failed' && marks.failed !== undefined) this.#reveal(marks.failed)
    this.#render()
  }

  /** Back to the first file, whatever the user looked at. */
  rewind(): void {
    this.#touched = -Infinity
    this.#scroller.scrollTop = 0
  }

  /** Moves the focus to a row's button. */
  focus(index: number): void {
    this.#rows.get(index)?.removeButton.focus()
  }

  #measure(): void {
    const [first] = this.#items
    if (first !== undefined) {
      const row = this.#row(0)
      this.#rowHeight = row.element.offsetHeight
    }
    this.#list.style.height = `${this.#items.length * this.#rowHeight}px`
    this.#render()
  }

  #render(): void {
    const total = this.#items.length
    const [start, end] = this.#range(total)
    const focused = document.activeElement
    for (const [index, row] of this.#rows) {
      // a row that has the focus stays, or the focus would be lost
      if ((index < start || index >= end) && !row.element.contains(focused)) this.#drop(index)
    }
    for (let index = start; index < end; index++) this.#row(index)
    for (const [index, row] of this.#rows) {
      const item = this.#items[index]
      if (item === undefined) continue
      row.show(item, index, total, index * this.#rowHeight)
      row.mark(this.#markOf(index))
    }
  }

  #range(total: number): readonly [start: number, end: number] {
    if (total <= WHOLE || this.#rowHeight === 0) return [0, Math.min(total, WHOLE)]
    const { scrollTop, clientHeight } = this.#scroller
    const start = Math.max(0, Math.floor(scrollTop / this.#rowHeight) - MARGIN)
    const end = Math.ceil((scrollTop + clientHeight) / this.#rowHeight) + MARGIN
    return [start, Math.min(total, end)]
  }

  /** The row at `index`, put where it belongs: a reader of the screen goes by the order of elements. */
  #row(index: number): Row {
    const present = this.#rows.get(index)
    if (present) return present
    const row = new Row()
    const next = [...this.#list.children].find(
      (child) => Number((child as HTMLElement).ariaPosInSet) > index + 1,
    )
    this.#rows.set(index, row)
    this.#list.insertBefore(row.element, next ?? null)
    row.element.ariaPosInSet = String(index + 1)
    return row
  }

  #drop(index: number): void {
    this.#rows.get(index)?.element.remove()
    this.#rows.delete(index)
  }

  #markOf(index: number): Mark {
    const marks = this.#marks
    switch (marks.state) {
      case 'editable':
        return marks
      case 'done':
        return { state: marks.files.get(index)?.state === 'skipped' ? 'skipped' : 'done' }
      case 'running':
        return runningMark(marks, index)
      case 'failed':
        if (index === marks.failed) return { state: 'failed' }
        return { state: index < marks.done ? 'done' : 'editable' }
    }
  }

  /** Keeps the file being packed in view, unless the user is looking at others. */
  #follow(index: number): void {
    if (performance.now() - this.#touched > LEAVE_ALONE) this.#reveal(index)
  }

  #reveal(index: number): void {
    const { scrollTop, clientHeight } = this.#scroller
    const top = index * this.#rowHeight
    const inView = top >= scrollTop && top + this.#rowHeight * 2 <= scrollTop + clientHeight
    if (!inView) this.#scroller.scrollTop = top - this.#rowHeight
  }
}

/** Of a file in line, or of the one whose turn it is. */
function runningMark({ done, share, files }: Marks & { state: 'running' }, index: number): Mark {
  const { state, attempt = 2 } = files.get(index) ?? {}
  if (state === 'skipped') return { state }
  if (index < done) return { state: 'done' }
  if (state === 'retrying') return { state, attempt }
  if (index === done) return { state: 'current', ...(share !== undefined && { share }) }
  if (state === undefined) return { state: 'waiting' }
  return { state: state === 'done' ? 'fetched' : state }
}
