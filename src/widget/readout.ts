/** What the element shows and says of its state, in words; nothing here touches the page. */

import type { JobState } from '../client/events.ts'
import type { Report } from '../client/options.ts'
import { isHoldallError } from '../errors.ts'
import type { Progress } from '../progress.ts'
import type { NumberFormats } from './format.ts'
import type { WidgetText } from './text.ts'

/** What the element is doing: `empty` while it has no files, else as a job says it. */
export type WidgetState = 'empty' | JobState

/** All that is known. */
export interface Facts {
  readonly state: WidgetState
  /** How many files there are; `undefined` while a manifest is not read. */
  readonly files: number | undefined
  /** How many of them are chosen; `undefined` for all. */
  readonly chosen?: number | undefined
  /** Of the archive, in bytes, where it is known before. */
  readonly length: number | undefined
  readonly progress?: Progress | undefined
  /** Whether the page itself saves it, and not the browser. */
  readonly byPage?: boolean | undefined
  /** Whether the download ends with the page. */
  readonly needsPage?: boolean | undefined
  readonly report?: Report | undefined
  readonly error?: Error | undefined
}

/** What is to be seen of it. */
export interface Readout {
  readonly state: WidgetState
  readonly title: string
  readonly detail: string
  /** From 0 to 1; `undefined` while nothing can be told. */
  readonly share: number | undefined
  /** The heading of the list of files that were left out; empty if none was. */
  readonly leftOut: string
  /** Their names. */
  readonly skipped: readonly string[]
}

/** What is to be seen as long as no figures are: all of it while nothing is downloaded, and where the rest cannot be loaded. */
export function readoutOf(facts: Facts, text: WidgetText, format: NumberFormats): Readout {
  const { state } = facts
  const seen = (title: string, detail: string): Readout => ({
    state,
    title,
    detail,
    share: undefined,
    leftOut: '',
    skipped: [],
  })

  switch (state) {
    case 'planning':
      return seen(text.preparing, contentsOf(facts, text, format))
    case 'waiting':
    case 'paused':
    case 'done':
      return seen(text[state], '')
    case 'running':
    case 'stalled':
    case 'taken-over':
      return seen(text.running, '')
    case 'failed':
      return seen(text.failed, facts.error ? text.reason(facts.error, fileOf(facts.error)) : '')
    case 'cancelled':
      return seen(titleOf(facts, text), text.cancelled)
    case 'empty':
      return seen(text.download, text.empty)
    default:
      return seen(titleOf(facts, text), contentsOf(facts, text, format))
  }
}

function titleOf(facts: Facts, text: WidgetText): string {
  return isPart(facts) ? text.downloadSelected : text.download
}

function contentsOf(facts: Facts, text: WidgetText, format: NumberFormats): string {
  const { files, chosen, length } = facts
  const all = files !== undefined && text.files(files, format.count(files))
  const some = all !== false && isPart(facts) ? text.chosen(format.count(chosen!), all) : all
  return [some, length !== undefined && format.bytes(length)]
    .filter((words) => words !== false)
    .join(text.separator)
}

function isPart({ files, chosen }: Facts): boolean {
  return chosen !== undefined && chosen !== files
}

/** The name of the file that could not be had, if it was that. */
function fileOf(error: Error): string | undefined {
  if (!isHoldallError(error) || !/^source|mismatch$/.test(error.code)) return undefined
  return 'entry' in error.detail ? error.detail.entry : undefined
}
