/** What one element speaks: the words and numbers of its language, and of another when that is chosen. */

import { numberFormats, type NumberFormats } from './format.ts'
import { loadLanguage, localeOf, type Language } from './languages.ts'
import type { WidgetText } from './text.ts'

/** What is spoken. */
export interface Spoken {
  /** Of the numbers. */
  readonly locale: string
  readonly text: WidgetText
  readonly format: NumberFormats
}

export class Speech {
  readonly #element: HTMLElement & { readonly locale: string }
  readonly #changed: () => void
  readonly #observer = new MutationObserver(() => void this.learn())
  #own: Partial<WidgetText> = {}
  #spoken: Spoken | undefined

  /** @param changed Called when there is something to say, or it is to be said otherwise. */
  constructor(element: HTMLElement & { readonly locale: string }, changed: () => void) {
    this.#element = element
    this.#changed = changed
  }

  /** Words in place of the language's. */
  get own(): Partial<WidgetText> {
    return this.#own
  }
  set own(text: Partial<WidgetText>) {
    this.#own = text
    void this.learn()
  }

  /** `undefined` until it is loaded: a word of another language would be gone in a moment. */
  get spoken(): Spoken | undefined {
    return this.#spoken
  }

  /** Speaks the language that the element is in, and the next one if its page changes that. */
  follow(): void {
    // of each tree by itself, from the shadow root that it is in to the document
    let host: Element | undefined = this.#element
    while (host !== undefined) {
      const root: Node & { readonly host?: Element } = host.getRootNode()
      this.#observer.observe(root, { subtree: true, attributeFilter: ['lang'] })
      host = root.host
    }
    void this.learn()
  }

  stop(): void {
    this.#observer.disconnect()
  }

  /** Finds out which language is wanted now. */
  async learn(): Promise<void> {
    const wanted = this.#locale
    const language: Language = await loadLanguage(wanted)
    if (this.#locale !== wanted) return
    // the page's own words may be in a language that there is none of here
    const locale = Object.keys(this.#own).length > 0 ? wanted : language.locale
    const text = { ...language.text, ...this.#own }
    this.#spoken = { locale, text, format: numberFormats(locale) }
    this.#changed()
  }

  get #locale(): string {
    return localeOf(this.#element, this.#element.locale)
  }
}
