/** What is to be seen of a download while it runs, and when it is done, in figures; loaded with the panel. */

import type { Report } from '../client/options.ts'
import type { Progress } from '../progress.ts'
import type { NumberFormats } from './format.ts'
import type { Facts, Readout } from './readout.ts'
import type { WidgetText } from './text.ts'

/** `readout` with the figures that there are. */
export function withFigures(
  readout: Readout,
  facts: Facts,
  text: WidgetText,
  format: NumberFormats,
): Readout {
  const { state, progress } = facts
  const parts = (...words: readonly (string | false | undefined)[]): string =>
    words.filter((word) => word).join(text.separator)
  const share = progress && shareOf(progress)
  const percent = share !== undefined && format.percent(share)
  const amount = progress && amountOf(progress, text, format)
  const seen = (title: string, detail: string): Readout => ({ ...readout, title, detail, share })

  switch (state) {
    case 'running':
    case 'stalled':
    case 'taken-over': {
      const left =
        progress?.remaining !== undefined && text.left(format.duration(progress.remaining))
      const rate = progress && progress.rate > 0 && format.rate(progress.rate)
      return seen(parts(percent, left) || readout.title, parts(amount, rate))
    }
    case 'waiting':
      return seen(readout.title, parts(amount))
    case 'paused':
      return seen(parts(readout.title, percent), parts(amount))
    case 'done':
      return { ...readout, share: 1, ...(facts.report && madeOf(facts.report, text, format)) }
    default:
      return { ...readout, share }
  }
}

/** Of the bytes if their number is known, else of the files. */
export function shareOf({ bytes, total, entries, totalEntries, current }: Progress): number {
  if (total !== undefined && total > 0) return Math.min(1, bytes / total)
  const part = current?.size === undefined || current.size === 0 ? 0 : current.bytes / current.size
  return totalEntries === 0 ? 0 : Math.min(1, (entries + part) / totalEntries)
}

function amountOf({ bytes, total }: Progress, text: WidgetText, format: NumberFormats): string {
  const done = format.bytes(bytes)
  if (total === undefined) return done
  const all = format.bytes(total)
  const unit = /\P{Nd}+$/u.exec(all)?.[0] ?? ''
  return text.of(done.endsWith(unit) ? done.slice(0, done.length - unit.length) : done, all)
}

function madeOf(
  { entries, bytes, skipped }: Report,
  text: WidgetText,
  format: NumberFormats,
): Pick<Readout, 'detail' | 'leftOut' | 'skipped'> {
  const { length } = skipped
  return {
    detail: [text.files(entries, format.count(entries)), format.bytes(bytes)].join(text.separator),
    leftOut: length === 0 ? '' : text.leftOut(length, format.count(length)),
    skipped: skipped.map(({ name }) => name),
  }
}
