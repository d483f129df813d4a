/** The corpus, at and beyond the limits of 16 and 32 bits; who is asked of each in every run, for all takes a quarter of an hour. */

import type { PlanOptions } from '../../../src/zip/plan.ts'
import { patternCrc32, type Entry } from '../archives.ts'
import { STORED_DESCRIPTOR, type Refusal } from './features.ts'

export interface LargeFeature {
  readonly entries: () => readonly Entry[]
  readonly options?: PlanOptions
  /** The programs that are asked in every run, by name. */
  readonly asked: readonly string[]
  readonly refused?: Readonly<Record<string, Refusal>>
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

/** Archives of so many files of five bytes. */
const count = (number: number) => (): readonly Entry[] =>
  Array.from({ length: number }, (_, index) => ({
    name: `${index % 100}/${index}.txt`,
    size: 5,
    whole: true,
    content: String(index).padStart(5, '0'),
  }))

const MANY_NEED_ZIP64: Refusal = {
  why: 'knows no ZIP64, which so many entries need',
  says: /short read/,
}
const LARGE_NEED_ZIP64: Refusal = {
  why: 'knows no ZIP64, which an archive over 4 GiB needs',
  says: /short read/,
}

/** The quick ones. */
const QUICK: readonly string[] = [
  '7-Zip',
  'bsdtar',
  'bsdtar, from a pipe',
  'Java ZipInputStream',
  'busybox unzip',
  'funzip',
]

export const LARGE: Readonly<Record<string, LargeFeature>> = {
  '65,534 entries, the most without ZIP64': {
    entries: count(65_534),
    asked: ['Info-ZIP unzip', '7-Zip', 'bsdtar'],
  },
  '65,535 entries': {
    entries: count(65_535),
    asked: ['Info-ZIP unzip', '7-Zip', 'bsdtar', 'busybox unzip'],
    refused: { 'busybox unzip': MANY_NEED_ZIP64 },
  },
  '70,000 entries': {
    entries: count(70_000),
    asked: [...QUICK, 'Info-ZIP unzip', 'Python zipfile', 'Java ZipFile'],
    refused: { 'busybox unzip': MANY_NEED_ZIP64 },
  },
  'over 4 GiB, `sized`, small files after it': {
    entries: over({ size: SIZE }, true),
    asked: [...QUICK, 'Python zipfile'],
    refused: { 'busybox unzip': LARGE_NEED_ZIP64 },
  },
  'over 4 GiB, `deflate-stored`': {
    entries: over({ size: SIZE }),
    asked: [...QUICK, 'Java ZipFile'],
    refused: { 'busybox unzip': LARGE_NEED_ZIP64 },
  },
  'over 4 GiB, `deflate-stored`, size unknown': {
    entries: over({}),
    asked: [...QUICK, 'Info-ZIP unzip'],
    refused: { 'busybox unzip': LARGE_NEED_ZIP64 },
  },
  'over 4 GiB, `store`': {
    entries: over({ size: SIZE }),
    options: { framing: 'store' },
    asked: [...QUICK, 'Python zipfile'],
    refused: {
      'busybox unzip': LARGE_NEED_ZIP64,
      'Java ZipInputStream': STORED_DESCRIPTOR,
      funzip: { ...STORED_DESCRIPTOR, says: /crc error/ },
    },
  },
}
