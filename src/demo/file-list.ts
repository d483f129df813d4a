/** The list of files: whole while it is short, so that find-in-page works, else the part in view. */

import type { FileStates } from './file-states.ts'
import type { Item } from './item.ts'
import { Row, type Mark } from './row.ts'

/** Up to how many rows are all there. */
const WHOLE = 200
/** Rows kept above and below the part in view. */
const MARGIN = 3
/** How long the list is left where the user scrolled it to, in ms. */
const LEAVE_ALONE = 4000
/** How often it follows the file that is packed, in ms: who reads it cannot follow more. */
const FOLLOWS_EVERY = 500

/** How far the files are, all of them. */
export type Marks =
  | { readonly state: 'editable' }
  /** The first `count` of them; those after it were put in since. */
  | { readonly state: 'done'; readonly count: number; readonly files: FileStates }
  | {
      readonly state: 'running'
      readonly done: number
      readonly share?: number
      readonly files: FileStates
    }
  | { readonly state: 'failed'; readonly done: number; readonly failed?: number }

/** Rows are drawn once a frame at most, and without asking for a layout that is then drawn over. */
export class FileList {
  readonly #scroller: HTMLElement
  readonly #list: HTMLElement
  readonly #rows = new Map<number, Row>()
  /** Rows that were scrolled away, to be filled anew. */
  readonly #spare: Row[] = []
  #items: readonly Item[] = []
  #marks: Marks = { state: 'editable' }
  #rowHeight = 0
  /** Of the part in view, as it was told last: to ask for it is to have all laid out. */
  #top = 0
  #height = 0
  /** The file that is to be in view. */
  #wanted: number | undefined
  #frame: number | undefined
  #touched = -Infinity
  /** The file that is to be in view when it is time. */
  #next = 0
  #following = false

  constructor(scroller: HTMLElement, list: HTMLElement, onremove: (index: number) => void) {
    this.#scroller = scroller
    this.#list = list
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true })
    for (const type of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
      scroller.addEventListener(type, () => (this.#touched = performance.now()), { passive: true })
    }
    new ResizeObserver(() => this.#resized()).observe(scroller)
    list.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>('.row-remove') : null
      if (button) onremove(Number(button.dataset['index']))
    })
  }

  set items(items: readonly Item[]) {
    const shorter = items.length < this.#items.length
    this.#items = items
    if (shorter) for (const index of this.#rows.keys()) if (index >= items.length) this.#drop(index)
    if (this.#rowHeight === 0) this.#measure()
    this.#stretch()
    this.#renderSoon()
  }

  set marks(marks: Marks) {
    this.#marks = marks
    this.#list.classList.toggle('is-locked', marks.state === 'running')
    if (marks.state === 'running') this.#follow(marks.done)
    if (marks.state === 'failed' && marks.failed !== undefined) this.#wanted = marks.failed
    // not with the frame of the click that has begun it
    setTimeout(() => this.#renderSoon())
  }

  /** Back to the first file, whatever the user looked at, when it is drawn next. */
  rewind(): void {
    this.#touched = -Infinity
    this.#wanted = 0
  }

  /** Moves the focus to a row's button. */
  focus(index: number): void {
    this.#render()
    this.#rows.get(index)?.removeButton.focus()
  }

  #resized(): void {
    this.#height = this.#scroller.clientHeight
    this.#measure()
    this.#stretch()
    this.#render()
  }

  #scrolled(): void {
    const { scrollTop } = this.#scroller
    if (scrollTop === this.#top) return
    this.#top = scrollTop
    this.#renderSoon()
  }

  #measure(): void {
    if (this.#items.length > 0) this.#rowHeight = this.#row(0).element.offsetHeight
  }

  #stretch(): void {
    this.#list.style.height = `${this.#items.length * this.#rowHeight}px`
  }

  #renderSoon(): void {
    this.#frame ??= requestAnimationFrame(() => this.#render())
  }

  #render(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    const top = this.#reveal()
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
    if (top !== undefined) this.#scroller.scrollTop = top // which lays out what is there by then
  }

  #range(total: number): readonly [start: number, end: number] {
    if (total <= WHOLE || this.#rowHeight === 0) return [0, Math.min(total, WHOLE)]
    const start = Math.max(0, Math.floor(this.#top / this.#rowHeight) - MARGIN)
    const end = Math.ceil((this.#top + this.#height) / this.#rowHeight) + MARGIN
    return [start, Math.min(total, end)]
  }

  /** The row at `index`, put where it belongs: a reader of the screen goes by the order of elements. */
  #row(index: number): Row {
    const present = this.#rows.get(index)
    if (present) return present
    const row = this.#spare.pop() ?? new Row()
    const next = [...this.#list.children].find(
      (child) => Number((child as HTMLElement).ariaPosInSet) > index + 1,
    )
    this.#rows.set(index, row)
    this.#list.insertBefore(row.element, next ?? null)
    row.element.ariaPosInSet = String(index + 1)
    return row
  }

  #drop(index: number): void {
    const row = this.#rows.get(index)
    if (row === undefined) return
    row.element.remove()
    this.#rows.delete(index)
    this.#spare.push(row)
  }

  #markOf(index: number): Mark {
    const marks = this.#marks
    switch (marks.state) {
      case 'editable':
        return marks
      case 'done':
        if (index >= marks.count) return { state: 'editable' }
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
    if (performance.now() - this.#touched < LEAVE_ALONE) return
    this.#next = index
    if (this.#following) return
    this.#following = true
    setTimeout(() => {
      this.#following = false
      if (performance.now() - this.#touched < LEAVE_ALONE) return
      this.#wanted = this.#next
      this.#renderSoon()
    }, FOLLOWS_EVERY)
  }

  /** Where to scroll to for the file that is wanted, if it is not in view. */
  #reveal(): number | undefined {
    const wanted = this.#wanted
    if (wanted === undefined || this.#height === 0) return undefined
    this.#wanted = undefined
    const row = this.#rowHeight
    const top = wanted * row
    if (top >= this.#top && top + row * 2 <= this.#top + this.#height) return undefined
    this.#top = Math.max(0, Math.min(top - row, this.#items.length * row - this.#height))
    return this.#top
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
