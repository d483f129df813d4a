/** What the element shows and says in each state. */

import { describe, expect, it } from 'vitest'
import { HoldallError } from '../../src/errors.ts'
import type { JobState } from '../../src/client/events.ts'
import type { Report } from '../../src/client/options.ts'
import type { Progress } from '../../src/progress.ts'
import { Announcement } from '../../src/widget/announcement.ts'
import { numberFormats, type NumberFormats } from '../../src/widget/format.ts'
import { noteOf } from '../../src/widget/note.ts'
import { shareOf, withFigures } from '../../src/widget/figures.ts'
import { readoutOf, type Facts, type Readout } from '../../src/widget/readout.ts'
import { english } from '../../src/widget/text.ts'

const progress: Progress = {
  bytes: 12_300_000,
  total: 36_000_000,
  entries: 3,
  totalEntries: 24,
  rate: 4_200_000,
  remaining: 6000,
  received: 12_300_000,
  changed: [],
}
const none: Facts = {
  state: 'idle',
  files: 24,
  length: 36_000_000,
  progress: undefined,
  byPage: false,
  report: undefined,
  error: undefined,
}

/** What is shown of `facts` with the panel. */
function whole(facts: Partial<Facts>, format: NumberFormats): Readout {
  const all = { ...none, ...facts }
  return withFigures(readoutOf(all, english, format), all, english, format)
}

/** It in English, with plain spaces. */
function read(facts: Partial<Facts>): Readout {
  const readout = whole(facts, numberFormats('en'))
  const { title, detail } = readout
  return { ...readout, title: title.replace(/\s/g, ' '), detail: detail.replace(/\s/g, ' ') }
}

function note(facts: Partial<Facts>): string {
  return noteOf({ ...none, ...facts }, english)
}

describe('readoutOf()', () => {
  it.each<[string, Partial<Facts>, string, string]>([
    ['files and length', {}, 'Download all', '24 files, 36 MB'],
    ['one file', { files: 1, length: undefined }, 'Download all', '1 file'],
    ['a manifest not yet read', { files: undefined, length: undefined }, 'Download all', ''],
    ['all of them chosen', { chosen: 24 }, 'Download all', '24 files, 36 MB'],
    ['a choice', { chosen: 3, length: 9000 }, 'Download selected', '3 of 24 files, 9.0 kB'],
    ['nothing', { state: 'empty', files: 0 }, 'Download all', 'No files'],
    ['planning', { state: 'planning' }, 'Getting ready', '24 files, 36 MB'],
    ['running', { state: 'running', progress }, '34%, 6 sec left', '12.3 of 36 MB, 4.2 MB/s'],
    ['taken over', { state: 'taken-over', progress }, '34%, 6 sec left', '12.3 of 36 MB, 4.2 MB/s'],
    ['no figures yet', { state: 'running' }, 'Downloading', ''],
    ['waiting', { state: 'waiting', progress }, 'Waiting for the network', '12.3 of 36 MB'],
    ['paused', { state: 'paused', progress }, 'Paused, 34%', '12.3 of 36 MB'],
    ['cancelled', { state: 'cancelled', progress }, 'Download all', 'Cancelled'],
  ])('shows %s', (_, facts, title, detail) => {
    expect(read(facts)).toMatchObject({ title, detail, leftOut: '', skipped: [] })
  })

  it.each<[JobState, string]>([
    ['running', 'Downloading'],
    ['stalled', 'Downloading'],
    ['taken-over', 'Downloading'],
    ['waiting', 'Waiting for the network'],
    ['paused', 'Paused'],
    ['done', 'Downloaded'],
  ])('says no more than its state where its panel cannot be loaded: %s', (state, title) => {
    const readout = readoutOf({ ...none, state, progress }, english, numberFormats('en'))
    expect(readout).toMatchObject({ title, detail: '', skipped: [] })
  })

  it('names both units where they are not the same', () => {
    const kilobytes = { ...progress, bytes: 800_000 }
    expect(read({ state: 'paused', progress: kilobytes }).detail).toBe('800 kB of 36 MB')
  })

  it.each(['en', 'fa', 'ar-EG', 'bn', 'mr'])(
    'gives both figures, also where they read the same: %s',
    (locale) => {
      const format = numberFormats(locale)
      const nearly = { ...progress, bytes: 35_990_000 }
      const { detail } = whole({ state: 'paused', progress: nearly }, format)
      const figure = format.count(36)
      expect(detail).toMatch(new RegExp(`^${figure} of ${figure}`))
    },
  )

  it('shows what became of it, and what it was made without', () => {
    const skipped = ['a', 'b'].map((name, index) => {
      return { index, name, code: 'source-failed', message: 'why' } as const
    })
    const report: Report = {
      sink: 'memory',
      fallbacks: [],
      name: 'a.zip',
      warnings: [],
      entries: 22,
      bytes: 30_000_000,
      skipped,
    }
    expect(read({ state: 'done', report })).toEqual({
      ...{ state: 'done', title: 'Downloaded', detail: '22 files, 30 MB', share: 1 },
      ...{ leftOut: '2 files left out', skipped: ['a', 'b'] },
    })
  })

  it('says that the page saves it, for as long as it does', () => {
    const said = (facts: Partial<Facts>): string => note({ byPage: true, ...facts })
    expect(said({ state: 'planning' })).toBe(english.byPage)
    expect(said({ state: 'paused', progress })).toBe(english.byPage)
    expect(said({ state: 'failed', error: new Error('odd') })).toBe('')
    expect(said({ state: 'running', byPage: false })).toBe('')
  })

  it('says that the page is to be kept open, as long as it is', () => {
    expect(note({ state: 'running', progress, needsPage: true })).toBe('Keep this page open')
    expect(note({ state: 'running', progress, needsPage: false })).toBe('')
  })

  it('says with which file it failed, or else what the error says', () => {
    const failed = (error: Error): string => read({ state: 'failed', error }).detail
    expect(
      failed(new HoldallError('source-failed', 'long', { entry: 'a.jpg', url: 'https://a' })),
    ).toBe('“a.jpg” could not be downloaded.')
    expect(
      failed(new HoldallError('crc-mismatch', 'long', { entry: 'b', planned: 1, actual: 2 })),
    ).toBe('“b” could not be downloaded.')
    expect(failed(new HoldallError('sink-failed', 'The disk is full', {}))).toBe('The disk is full')
    expect(failed(new Error('odd'))).toBe('odd')
  })
})

describe('shareOf()', () => {
  it('goes by bytes if their number is known, else by files', () => {
    const { total: _, ...unknown } = progress
    const current = { index: 3, name: 'd', bytes: 50, size: 100 }
    expect(shareOf(progress)).toBeCloseTo(12.3 / 36)
    expect(shareOf(unknown)).toBe(3 / 24)
    expect(shareOf({ ...unknown, current })).toBe(3.5 / 24)
    expect(shareOf({ ...unknown, entries: 0, totalEntries: 0 })).toBe(0)
    expect(shareOf({ ...progress, bytes: 40_000_000 })).toBe(1)
  })
})

describe('Announcement', () => {
  it('tells each state and each quarter once, and nothing before anything happened', () => {
    const announcement = new Announcement()
    const says = (facts: Partial<Facts>): string | undefined =>
      announcement.next(read(facts), note(facts), english)
    const at = (bytes: number): Partial<Facts> => {
      const { remaining: _, ...rest } = progress
      return { state: 'running', progress: { ...rest, bytes } }
    }
    expect(says({})).toBeUndefined()
    expect(says({ state: 'planning' })).toBe('Getting ready, 24 files, 36 MB')
    expect(says(at(0))).toBe('Downloading, 0%')
    expect(says(at(5_000_000))).toBeUndefined()
    expect(says(at(9_000_000))).toBe('Downloading, 25%')
    expect(says(at(9_100_000))).toBeUndefined()
    expect(says({ ...at(9_200_000), byPage: true })).toMatch(
      /^Downloading, 25%, This page saves it/,
    )
    expect(says({ ...at(18_000_000), byPage: true })).toBe('Downloading, 50%')
    expect(says({ state: 'cancelled' })).toBe('Download all, Cancelled')
    expect(says({ state: 'planning', byPage: true })).toBe('Getting ready, 24 files, 36 MB')
  })
})
