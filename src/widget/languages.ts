/** Which language the element speaks: that of its locale, loaded when it is first needed. */

import { english, type WidgetText } from './text.ts'

const languages: Readonly<Record<string, () => Promise<{ readonly text: WidgetText }>>> = {
  de: () => import('./text-de.ts'),
  fr: () => import('./text-fr.ts'),
  es: () => import('./text-es.ts'),
  ja: () => import('./text-ja.ts'),
  zh: () => import('./text-zh.ts'),
}

/** A language that the element has words of, and the locale that numbers are written in. */
export interface Language {
  readonly locale: string
  readonly text: WidgetText
}

/** The locale of `element`: `given`, or that of the page around it, or the user's. */
export function localeOf(element: Element, given: string): string {
  return canonicalLocale(given || localeAround(element) || navigator.language)
}

/** `locale` as BCP 47 writes it; English for what is no locale at all. */
function canonicalLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale.replaceAll('_', '-'))[0] ?? 'en'
  } catch {
    return 'en'
  }
}

/**
 * The words for `locale`. English, numbers too, where there are none, or they cannot be loaded: a
 * sentence in two languages helps nobody.
 */
export async function loadLanguage(locale: string): Promise<Language> {
  const [subtag = ''] = locale.split('-')
  if (subtag === 'en') return { locale, text: english }
  try {
    const loaded = await languages[subtag]?.()
    if (loaded) return { locale, text: loaded.text }
  } catch {
    // a page that has lost its network still has its button
  }
  return { locale: 'en', text: english }
}

/** The language of the page around `element`: the nearest `lang`, through shadow roots. */
function localeAround(element: Element): string | undefined {
  const lang = element.closest('[lang]')?.getAttribute('lang')
  if (lang) return lang
  const root = element.getRootNode()
  return root instanceof ShadowRoot ? localeAround(root.host) : undefined
}
