/** The element's shadow root: made once, then drawn into. It knows what is to be seen, not why. */

import { adoptStyle } from './adopt-style.ts'
import { create, write } from './create.ts'
import type { NumberFormats } from './format.ts'
import { createIcon, iconIn } from './icons.ts'
import type { Panel } from './panel.ts'
import { readoutOf, type Facts } from './readout.ts'
import { style } from './style.ts'
import type { WidgetText } from './text.ts'

/** What the user can ask for. */
export interface Actions {
  start(): void
  pause(): void
  resume(): void
  cancel(): void
}

/** What a readout is drawn in. */
export interface Setting {
  /** What tells this download from others of the page. */
  readonly label: string
  /** Of the words. */
  readonly lang: string
  readonly format: NumberFormats
  readonly disabled: boolean
}

export class View {
  readonly #root: ShadowRoot
  readonly #actions: Actions
  readonly #title = create('bdi', {})
  readonly #detail = create('bdi', {})
  readonly #button = create('button', { type: 'button', part: 'button', class: 'box' })
  readonly #base = create('div', { part: 'base' })
  #panel: Panel | undefined

  constructor(root: ShadowRoot, actions: Actions) {
    this.#root = root
    this.#actions = actions
    adoptStyle(root, style)
    this.#button.append(
      create('slot', { name: 'icon' }, iconIn(createIcon())),
      create(
        'span',
        { class: 'words' },
        create('slot', { name: 'label' }, create('span', { part: 'title' }, this.#title)),
        create('span', { part: 'detail' }, this.#detail),
      ),
    )
    // the second click of two is meant for what was there before, which the first has replaced; so in the panel
    this.#button.addEventListener('click', ({ detail }) => detail > 1 || actions.start())
    this.#base.append(this.#button)
    const wrapped = create('slot', {})
    wrapped.addEventListener('slotchange', () =>
      this.#base.classList.toggle('apart', wrapped.assignedElements().length > 0),
    )
    root.append(this.#base, wrapped)
  }

  /**
   * Loads what stands in the button's place while a download runs. Without it, if it cannot be loaded, the button says
   * what is being done, and how it ends, but not how far it is.
   *
   * @returns A promise that rejects, if it cannot be loaded.
   */
  async loadPanel(): Promise<void> {
    if (this.#panel !== undefined) return
    const { Panel } = await import('./panel.ts')
    this.#panel ??= this.#place(new Panel(this.#root, this.#actions))
  }

  /** Puts `element` below the rest. */
  append(element: Element): void {
    this.#base.append(element)
  }

  focus(options?: FocusOptions): void {
    const target = this.#button.hidden ? this.#panel!.element : this.#button
    target.focus(options)
  }

  draw(facts: Facts, text: WidgetText, setting: Setting): void {
    const held = this.#root.activeElement // before anything is hidden
    const plain = readoutOf(facts, text, setting.format)
    const { state, title, detail } = this.#panel?.draw(plain, facts, text, setting) ?? plain
    const calm = state === 'empty' || state === 'idle' || state === 'cancelled'

    this.#base.dataset['state'] = state
    this.#base.lang = setting.lang
    write(this.#title, title)
    write(this.#detail, detail)
    this.#button.disabled = setting.disabled || state === 'empty'
    if (this.#panel !== undefined) {
      this.#button.hidden = !calm
      this.#panel.element.hidden = calm
    }

    // what had the focus is not to be seen any more: it must not fall back to the top of the page, nor move that
    if (held instanceof HTMLElement && held.closest('[hidden]')) this.focus({ preventScroll: true })
  }

  #place(panel: Panel): Panel {
    panel.element.hidden = true
    this.#button.after(panel.element, panel.failures, panel.status)
    return panel
  }
}
