/** What axe complains of on a page. */

import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from './fixtures.ts'

/** WCAG 2.2 AA, and what is good besides. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

export interface Found {
  /** The rules that are broken, and by what. */
  readonly violations: readonly (readonly [rule: string, markup: readonly string[]])[]
  /** The rules that had something to look at, and are kept. */
  readonly passes: readonly string[]
}

/**
 * Has axe look at `page`.
 *
 * @param rules `colours`: where a page that was looked at differs in nothing else. Default: `all`.
 */
export async function look(page: Page, rules: 'all' | 'colours' = 'all'): Promise<Found> {
  // else it opens another page each time, for what it finds in frames of other origins
  const axe = new AxeBuilder({ page }).setLegacyMode()
  if (rules === 'colours') axe.withRules('color-contrast')
  else axe.withTags(TAGS)
  const { violations, passes } = await axe.analyze()
  return {
    violations: violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
    passes: passes.map(({ id }) => id),
  }
}
