/** What the bag says of itself: the zipper, a headline, a line of details, what went wrong. */

import { isHoldallError, type JobState, type Progress, type Report } from 'holdall'
import { announceProgress } from './announcer.ts'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatExactBytes,
  formatNumberOf,
  formatPercent,
  formatRemaining,
} from './format.ts'
import { create, page } from './page.ts'

/** What the bag is doing. */
export type Phase =
  | 'empty'
  | 'ready'
  | 'planning'
  | 'running'
  | 'paused'
  | 'waiting'
  | 'done'
  | 'failed'
  | 'cancelled'

/** Shows a phase with nothing in numbers to it. */
export function showPhase(phase: Phase, headline: string, detail: string): void {
  page.bag.dataset['phase'] = phase
  page.status.dataset['state'] = phase
  page.status.textContent = headline
  page.detail.textContent = detail
  page.left.textContent = ''
}

/** `value` from 0 to 1; `undefined` where nothing is being packed. */
export function showShare(value: number | undefined, text = ''): void {
  const share = value ?? 0
  page.progress.style.setProperty('--done', String(share))
  page.progress.ariaValueNow = String(Math.floor(share * 100))
  page.progress.ariaValueText = value === undefined ? 'not started' : text
}

export function showProgress(progress: Progress, state: JobState, needsPage: boolean): void {
  const goes = state !== 'paused' && state !== 'waiting' && state !== 'stalled'
  const { bytes, total, entries, totalEntries, rate, remaining, current } = progress
  const share = shareOf(progress)
  const percent = formatPercent(share)
  const of = total === undefined ? '' : ` of ${formatBytes(total)}`
  const files = `${formatCount(entries)} of ${formatNumberOf(totalEntries, 'entry', 'entries')}`
  showShare(share, `${percent}, ${formatBytes(bytes)}${of}`)
  page.progress.title = current === undefined ? '' : current.name
  const details = [`${formatBytes(bytes)}${of}`, files]
  if (goes && rate > 0) details.push(`${formatBytes(rate)}/s`)
  if (needsPage) details.push('keep this page open')
  if (state === 'paused') showPhase(state, `Paused at ${percent}`, '')
  else if (state === 'waiting') showPhase(state, `Waiting for a network at ${percent}`, '')
  else if (state === 'stalled') showPhase('waiting', `Held up at ${percent}`, '')
  else showPhase('running', `Packing ${percent}`, '')
  if (goes && remaining !== undefined) page.left.textContent = formatRemaining(remaining)
  page.detail.replaceChildren(...details.map((text) => create('span', 'detail-part', text)))
  announceProgress(share)
}

/** Of the bytes if their number is known, else of the entries. */
function shareOf({ bytes, total, entries, totalEntries, current }: Progress): number {
  if (total !== undefined && total > 0) return Math.min(1, bytes / total)
  const part = current?.size === undefined || current.size === 0 ? 0 : current.bytes / current.size
  return totalEntries === 0 ? 0 : Math.min(1, (entries + part) / totalEntries)
}

/** How it went; returns it in one sentence. */
export function showReport(report: Report, ms: number): string {
  const { name, entries, bytes, sink, fallbacks, warnings, skipped } = report
  showShare(1, 'packed')
  const what = `${formatNumberOf(entries, 'entry', 'entries')}, ${formatExactBytes(bytes)}`
  const where = {
    'service-worker': 'in your downloads',
    'save-picker': 'where you chose',
    'origin-private': 'in your downloads',
    'file-system': 'where you chose',
    upload: 'uploaded',
    stream: 'written',
    memory: 'in your downloads, by way of memory',
  }[sink]
  const changed =
    warnings.length === 0 ? '' : ` ${formatNumberOf(warnings.length, 'name')} changed.`
  const why = fallbacks[0] === undefined ? '' : ` ${fallbacks[0].message}.`
  const without =
    skipped.length === 0
      ? ''
      : ` ${formatNumberOf(skipped.length, 'file')} could not be had; the ZIP says which.`
  showPhase('done', 'Packed', `It is ${where}: ${what}.${changed}${without}${why}`)
  page.left.textContent = `in ${formatDuration(ms)}`
  return `Packed: ${name} is ${where}. ${what}, in ${formatDuration(ms)}.${without}`
}

/** Shows an error in words. */
export function showError(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  const text = create('p', 'problem-text', message)
  const code = isHoldallError(error) ? [create('p', 'problem-code', error.code)] : []
  page.error.replaceChildren(text, ...code)
  page.error.hidden = false
}

export function hideError(): void {
  page.error.hidden = true
  page.error.replaceChildren()
}
