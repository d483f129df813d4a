/** The list of what is to be packed; says when it changes. */

import type { Item } from './item.ts'

export class Bag {
  #items: readonly Item[] = []
  readonly #onchange: () => void

  constructor(onchange: () => void) {
    this.#onchange = onchange
  }

  get items(): readonly Item[] {
    return this.#items
  }

  add(items: readonly Item[]): void {
    this.#set([...this.#items, ...items])
  }

  remove(id: number): void {
    this.#set(this.#items.filter((item) => item.id !== id))
  }

  clear(): void {
    this.#set([])
  }

  #set(items: readonly Item[]): void {
    this.#items = items
    this.#onchange()
  }
}
