/** One line of the list: a file, its size, and how far it is. */

import { formatBytes, formatPercent } from './format.ts'
import type { Item } from './item.ts'
import { create, icon } from './page.ts'

/** How far a file is; `share` from 0 to 1, absent if its size is unknown. */
export type Mark =
  | { readonly state: 'editable' | 'waiting' | 'done' | 'failed' | 'skipped' }
  | { readonly state: 'fetching' | 'fetched' }
  | { readonly state: 'retrying'; readonly attempt: number }
  | { readonly state: 'current'; readonly share?: number }

/** What a reader of the screen hears for a mark that others see. */
const WORDS = {
  editable: '',
  waiting: 'waiting',
  fetching: '',
  fetched: '',
  retrying: '',
  done: 'packed',
  failed: 'failed',
  skipped: '',
  current: '',
}

export class Row {
  readonly element = create('li', 'row')
  readonly removeButton = create('button', 'row-remove')
  readonly #kind = create('span', 'row-kind')
  readonly #file = create('bdi', 'row-file')
  readonly #folder = create('bdi', 'row-folder')
  readonly #size = create('span', 'row-size')
  readonly #mark = create('span', 'row-mark')
  readonly #words = create('span', 'visually-hidden')
  readonly #bar = create('span', 'row-bar')
  #item: Item | undefined
  #ending = ''
  #shown = ''

  constructor() {
    this.#kind.setAttribute('aria-hidden', 'true')
    this.removeButton.type = 'button'
    this.removeButton.append(icon('remove'))
    this.element.append(
      this.#kind,
      this.#file,
      this.#folder,
      this.#size,
      this.#mark,
      this.#words,
      this.removeButton,
      this.#bar,
    )
  }

  /** Shows `item` as the n-th of `total`. Touches only what is not already so. */
  show(item: Item, index: number, total: number, top: number): void {
    this.element.style.top = `${top}px`
    this.element.ariaPosInSet = String(index + 1)
    this.element.ariaSetSize = String(total)
    this.removeButton.dataset['index'] = String(index)
    if (this.#item === item) return
    this.#item = item
    const folder = item.path.endsWith('/')
    const parts = (folder ? item.path.slice(0, -1) : item.path).split('/')
    const file = parts.pop() ?? ''
    this.element.title = item.path
    this.#file.textContent = file
    this.#folder.textContent = parts.join(' / ')
    this.#folder.hidden = parts.length === 0
    this.element.dataset['flat'] = String(parts.length === 0)
    this.#ending = folder ? '/' : kindOf(file)
    this.#shown = ''
    this.#size.textContent = item.size === undefined ? 'size unknown' : formatBytes(item.size)
    if (folder) this.#size.textContent = 'empty folder'
    this.removeButton.ariaLabel = `Remove ${item.path}`
  }

  mark(mark: Mark): void {
    const share = mark.state === 'current' ? mark.share : undefined
    const text = textOf(mark)
    const shown = mark.state + text
    if (shown === this.#shown) return
    this.#shown = shown
    this.element.dataset['state'] = mark.state
    this.#words.textContent = WORDS[mark.state]
    this.#bar.style.setProperty('--share', String(share ?? 0))
    this.#mark.textContent = text
    if (mark.state === 'done' || mark.state === 'failed' || mark.state === 'skipped') {
      this.#kind.replaceChildren(icon(mark.state === 'done' ? 'done' : 'failed'))
    } else {
      this.#kind.textContent = this.#ending
    }
  }
}

/** What the row says at its end. */
function textOf(mark: Mark): string {
  switch (mark.state) {
    case 'current':
      return mark.share === undefined ? 'now' : formatPercent(mark.share)
    case 'retrying':
      return `try ${mark.attempt}`
    case 'skipped':
      return 'left out'
    case 'fetching':
    case 'fetched':
      return mark.state
    default:
      return ''
  }
}

/** The ending of a name, as a label has room for it. */
function kindOf(name: string): string {
  const [, ending = ''] = /\.([a-z\d]{1,4})(?:[a-z\d]*)$/i.exec(name) ?? []
  return ending.toUpperCase()
}
