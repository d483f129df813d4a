/** The corpus, beyond the limits of 16 and 32 bits; who is asked of each, for all takes minutes. */

import type { PlanOptions } from '../../../src/zip/plan.ts'
import { patternCrc32, type Entry } from '../archives.ts'
import type { Refusal } from './features.ts'

export interface LargeFeature {
  readonly entries: () => readonly Entry[]
  readonly options?: PlanOptions
  /** The programs that are asked, by name. */
  readonly asked: readonly string[]
  readonly refused?: Readonly<Record<string, Refusal>>
  /** Programs that do less than reading, and what that is. */
  readonly less?: Readonly<Record<string, string>>
}

const TEXT = 'Some text, which is stored as it is.\n'
const SIZE = 2 ** 32 + 1

/** An entry over 4 GiB, and small ones before and after it. */
const over =
  (known: Pick<Entry, 'size'>, crc = false) =>
  (): readonly Entry[] => [
    { name: 'before.txt', size: TEXT.length, content: TEXT },
    { name: 'large.bin', ...known, ...(crc && { crc32: patternCrc32(SIZE) }), content: SIZE },
    { name: 'after.txt', size: TEXT.length, content: TEXT },
    { name: 'last.txt', size: TEXT.length, whole: true, content: TEXT },
  ]

/** Programs that read whole archives. */
export const UNPACKERS: readonly string[] = [
  'Info-ZIP unzip',
  '7-Zip',
  'bsdtar',
  'bsdtar, from a pipe',
  'Python zipfile',
  'Java ZipFile',
  'Java ZipInputStream',
  'zip.js',
  'yauzl',
  'busybox unzip',
]

export const LARGE: Readonly<Record<string, LargeFeature>> = {
  '70,000 entries': {
    entries: () =>
      Array.from({ length: 70_000 }, (_, index) => ({
        name: `${index % 100}/${index}.txt`,
        size: 5,
        whole: true,
        content: String(index).padStart(5, '0'),
      })),
    asked: UNPACKERS,
    refused: {
      'busybox unzip': { why: 'knows no ZIP64, which so many entries need', says: /short read/ },
    },
    less: { 'zip.js': 'lists them: reading takes it more than a millisecond each' },
  },
  'over 4 GiB, `sized`, small files after it': {
    entries: over({ size: SIZE }, true),
    asked: ['7-Zip', 'Java ZipInputStream'],
  },
  'over 4 GiB, `deflate-stored`': {
    entries: over({ size: SIZE }),
    asked: ['Python zipfile', 'bsdtar, from a pipe'],
  },
  'over 4 GiB, `deflate-stored`, size unknown': {
    entries: over({}),
    asked: ['Info-ZIP unzip', 'bsdtar, from a pipe', 'Java ZipInputStream'],
  },
  // who reads from the front cannot follow stored content with a descriptor
  'over 4 GiB, `store`': {
    entries: over({ size: SIZE }),
    options: { framing: 'store' },
    asked: ['7-Zip', 'Python zipfile'],
  },
}
