/** The words of the element, in the language that it speaks; the page's own in place of some. */

import { numberFormats, type NumberFormats } from './format.ts'
import { loadLanguage, localeOf, type Language } from './languages.ts'
import type { WidgetText } from './text.ts'

export class Words {
  /** The page's own. */
  own: Partial<WidgetText> = {}
  format: NumberFormats = numberFormats('en')
  #language: Language | undefined

  /** `undefined` until they are loaded: a word of another language would be gone in a moment. */
  get text(): WidgetText | undefined {
    return this.#language && { ...this.#language.text, ...this.own }
  }

  /** Of words and numbers. */
  get locale(): string {
    return this.#language?.locale ?? ''
  }

  /**
   * Loads those that `element` is to speak, by its attribute `given` or by what is around it.
   *
   * @returns Whether it does; not if it is to speak others by then.
   */
  async load(element: Element, given: () => string): Promise<boolean> {
    const wanted = localeOf(element, given())
    const language = await loadLanguage(wanted)
    if (localeOf(element, given()) !== wanted) return false
    // the page's own words may be in a language that there is none of here
    const locale = Object.keys(this.own).length > 0 ? wanted : language.locale
    this.#language = { ...language, locale }
    this.format = numberFormats(locale)
    return true
  }
}
