/** The list in which files are chosen; loaded by elements that are `selectable`. */

import type { FileInput } from '../manifest/types.ts'
import { adoptStyle } from './adopt-style.ts'
import { create, write } from './create.ts'
import { keyOf, nameOf, sizeOf } from './file-facts.ts'
import type { NumberFormats } from './format.ts'
import { listStyle } from './list-style.ts'
import { selectionStyle } from './selection-style.ts'
import type { WidgetText } from './text.ts'

export class Selection {
  readonly element: HTMLDetailsElement
  readonly #summary = create('bdi', {})
  readonly #all = create('input', { type: 'checkbox', part: 'checkbox' })
  readonly #allLabel = create('bdi', {})
  readonly #list = create('ul', { part: 'list', role: 'list' })
  readonly #fieldset: HTMLFieldSetElement
  readonly #changed: () => void
  /** Those left out, by key: files that come anew are chosen. */
  readonly #out = new Set<unknown>()
  #files: readonly FileInput[] = []
  #boxes: HTMLInputElement[] = []
  /** Of the files that the boxes are of. */
  #keys: unknown[] = []
  #format: NumberFormats | undefined
  #stale = false

  /** @param changed Called when the user has chosen others. */
  constructor(root: ShadowRoot, changed: () => void) {
    adoptStyle(root, listStyle)
    adoptStyle(root, selectionStyle)
    this.#changed = changed
    const all = create('label', { part: 'row all' }, this.#all, this.#allLabel)
    this.#fieldset = create('fieldset', {}, all, this.#list)
    const summary = create('summary', { part: 'summary' }, this.#summary)
    this.element = create('details', { part: 'selection' }, summary, this.#fieldset)
    this.element.addEventListener('toggle', () => this.#fill())
    this.#fieldset.addEventListener('change', ({ target }) => this.#choose(target as Element))
  }

  /** Those of `files` that are chosen, in their order. */
  chosenOf(files: readonly FileInput[]): readonly FileInput[] {
    return files.filter((file) => !this.#out.has(keyOf(file)))
  }

  /** @param locked Whether nothing can be chosen now. */
  draw(
    files: readonly FileInput[],
    text: WidgetText,
    format: NumberFormats,
    locked: boolean,
  ): void {
    write(this.#summary, text.choose)
    this.#fieldset.setAttribute('aria-label', text.choose)
    write(this.#allLabel, text.all)
    this.#fieldset.disabled = locked
    if (files !== this.#files || format !== this.#format) {
      this.#files = files
      this.#format = format
      this.#stale = true
    }
    this.#fill()
  }

  /** A list that nobody sees is not made. */
  #fill(): void {
    if (!this.#stale || !this.element.open) return
    this.#stale = false
    const held = this.#held
    this.#boxes = []
    this.#keys = []
    this.#list.replaceChildren(...this.#files.map((file) => this.#row(file)))
    this.#tick()
    if (held === undefined) return
    const box = this.#boxes[this.#keys.indexOf(held)] ?? this.#all
    box.focus({ preventScroll: true })
  }

  /** The key of the file whose box has the focus. */
  get #held(): unknown {
    const { activeElement } = this.element.getRootNode() as ShadowRoot
    const index = this.#boxes.indexOf(activeElement as HTMLInputElement)
    return this.#keys[index]
  }

  #row(file: FileInput): HTMLLIElement {
    const box = create('input', { type: 'checkbox', part: 'checkbox' })
    this.#boxes.push(box)
    this.#keys.push(keyOf(file))
    const name = create('span', { part: 'file-name' }, create('bdi', {}, nameOf(file)))
    const size = sizeOf(file)
    const words = size === undefined ? '' : (this.#format?.bytes(size) ?? '')
    const label = create('label', { part: 'row' }, box, name)
    if (words !== '') label.append(create('span', { part: 'file-size' }, words))
    return create('li', {}, label)
  }

  /** Ticks what is chosen. */
  #tick(): void {
    const { length } = this.chosenOf(this.#files)
    this.#all.checked = length > 0
    this.#all.indeterminate = length > 0 && length < this.#files.length
    for (const [index, box] of this.#boxes.entries()) {
      box.checked = !this.#out.has(this.#keys[index])
    }
  }

  #choose(target: Element): void {
    const { checked } = target as HTMLInputElement
    const index = this.#boxes.indexOf(target as HTMLInputElement)
    const files = index < 0 ? this.#files : [this.#files[index]!]
    for (const file of files) this.#out[checked ? 'delete' : 'add'](keyOf(file))
    this.#tick()
    this.#changed()
  }
}
