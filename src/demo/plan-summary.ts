/** What the archive will be, told before it is made; and which names are not as they were. */

import type { PlanSummary } from 'holdall'
import { formatBytes, formatCount, formatExactBytes, formatNumberOf } from './format.ts'
import { create, page } from './page.ts'

/** Warnings that are spelled out; the rest is counted. */
const SPELLED_OUT = 50

/** Shows what can be said without a plan. */
export function showCount(count: number): void {
  say(count, count === 0 ? 'no ZIP' : 'working out the size of the ZIP')
  showRepairs([])
}

export function showPlan({ entries, length, expectedLength, warnings }: PlanSummary): void {
  const size =
    length === undefined
      ? expectedLength === undefined
        ? 'size of the ZIP unknown until all is fetched'
        : `ZIP of ${formatBytes(expectedLength)}, if no file is missing`
      : `ZIP of ${formatBytes(length)}${length < 1000 ? '' : `, exactly ${formatExactBytes(length)}`}`
  say(entries, size)
  showRepairs(warnings)
}

function say(count: number, size: string): void {
  const entries = create('b', '', formatNumberOf(count, 'entry', 'entries'))
  page.plan.replaceChildren(entries, ' ', create('span', 'plan-size', size))
}

function showRepairs(warnings: PlanSummary['warnings']): void {
  page.repairs.hidden = warnings.length === 0
  if (warnings.length === 0) page.repairs.open = false
  const changed = warnings.length === 1 ? '1 name is' : `${formatCount(warnings.length)} names are`
  page.repairsSummary.textContent = `${changed} changed, to unpack on every system`
  const lines = warnings.slice(0, SPELLED_OUT).map(({ message }) => create('li', '', message))
  const more = warnings.length - SPELLED_OUT
  if (more > 0) lines.push(create('li', '', `and ${formatCount(more)} more`))
  page.repairsList.replaceChildren(...lines)
}
