/** The table of docs/output.md: which program reads which feature, as the corpus has it. */

import { FEATURES, type Feature } from './features.ts'
import { LARGE, UNPACKERS, type LargeFeature } from './large.ts'

/** The columns. */
export const PROGRAMS: readonly string[] = [...UNPACKERS, 'funzip']

const PLACE = /(<!-- made by scripts\/who-reads\.mjs -->\n)[^]*?(<!-- until here -->)/

/** In Markdown, with the reasons of those who do not below it. */
export function tableOf(
  features: Readonly<Record<string, Feature | LargeFeature>> = { ...FEATURES, ...LARGE },
): string {
  const reasons: string[] = []
  const cell = (feature: Feature | LargeFeature, program: string): string => {
    if ('asked' in feature && !feature.asked.includes(program)) return '–'
    const unasked = 'unasked' in feature ? feature.unasked?.[program] : undefined
    const less = 'less' in feature ? feature.less?.[program] : undefined
    const reason = unasked ?? less ?? feature.refused?.[program]?.why
    if (reason === undefined) return 'yes'
    const text = `${program}: ${reason}`
    if (!reasons.includes(text)) reasons.push(text)
    const mark = (unasked && '–') ?? (less && 'partly') ?? '**no**'
    return `${mark} (${reasons.indexOf(text) + 1})`
  }
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rows = Object.entries(features).map(([name, feature]) =>
    row([name, ...PROGRAMS.map((program) => cell(feature, program))]),
  )
  const notes = reasons.map((reason, index) => `${index + 1}. ${reason}.`)
  const head = [`| | ${PROGRAMS.join(' | ')} |`, `|${'---|'.repeat(PROGRAMS.length + 1)}`]
  return [...head, ...rows, '', ...notes].join('\n')
}

/** `document` with the table in the place of the one that it has. */
export function withTable(document: string, table: string = tableOf()): string {
  if (!PLACE.test(document)) throw new Error('The document has no place for the table')
  return document.replace(PLACE, (_, start: string, end: string) => `${start}\n${table}\n\n${end}`)
}
