/** The languages of the element: whole, and chosen by what the page asks for. */

import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadLanguage } from '../../src/widget/languages.ts'
import { english, type WidgetText } from '../../src/widget/text.ts'

const folder = new URL('../../src/widget/', import.meta.url)
const codes = readdirSync(folder).flatMap((name) => /^text-(\w+)\.ts$/.exec(name)?.[1] ?? [])

/** Everything that `text` says, with the same numbers and names for each language. */
function spoken(text: WidgetText): Record<keyof WidgetText, string> {
  const { files, chosen, of, left, reason, leftOut, interrupted, ...words } = text
  return {
    ...words,
    files: files(7, '7'),
    leftOut: leftOut(7, '7'),
    interrupted: interrupted('a.zip', '7'),
    chosen: chosen('3', '7'),
    of: of('3', '7'),
    left: left('9'),
    reason: reason(new Error('unused'), 'a.jpg'),
  }
}

describe('the languages', () => {
  it('are German, Spanish, French, Japanese and Chinese, besides English', () => {
    expect(codes.toSorted()).toEqual(['de', 'es', 'fr', 'ja', 'zh'])
  })

  it.each(codes)('say everything: %s', async (code) => {
    const { text, locale } = await loadLanguage(code)
    expect(locale).toBe(code)
    const said = spoken(text)
    expect(Object.keys(said).toSorted()).toEqual(Object.keys(spoken(english)).toSorted())
    expect(Object.values(said)).not.toContain('')
    for (const part of ['files', 'leftOut', 'interrupted', 'chosen', 'of'] as const)
      expect(said[part]).toContain('7')
    expect(said.reason).toContain('a.jpg')
    expect(text.reason(new Error('Why it is'), undefined)).toBe('Why it is')
    // no word was left as it is in English
    const { separator: _, of: __, ...words } = spoken(english)
    expect(Object.values(said).filter((word) => Object.values(words).includes(word))).toEqual([])
  })

  it.each(['de', 'fr', 'es'])('count in %s', async (code) => {
    const { text } = await loadLanguage(code)
    expect(text.files(1, '1')).not.toBe(text.files(2, '2').replace('2', '1'))
    expect(text.leftOut(1, '1')).not.toBe(text.leftOut(2, '2').replace('2', '1'))
  })
})

describe('loadLanguage()', () => {
  it('keeps the region, for numbers', async () => {
    expect(await loadLanguage('en-GB')).toEqual({ locale: 'en-GB', text: english })
    expect((await loadLanguage('de-CH')).locale).toBe('de-CH')
  })

  it('gives English, numbers too, for what there are no words of', async () => {
    expect(await loadLanguage('pt-BR')).toEqual({ locale: 'en', text: english })
  })
})
