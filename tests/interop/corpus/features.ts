/** The corpus: an archive for each thing that the encoder can write, by name, and who is known to refuse it. */

import type { PlanOptions } from '../../../src/zip/plan.ts'
import type { Entry } from '../archives.ts'

/** Why a program refuses what APPNOTE allows. */
export interface Refusal {
  /** For the table. */
  readonly why: string
  /** What it complains of; another version may read the archive instead. */
  readonly says: RegExp
}

export interface Feature {
  readonly entries: readonly Entry[]
  readonly options?: PlanOptions
  /** By name, the texts that are there for entries that are missing. */
  readonly inPlace?: Readonly<Record<string, string>>
  /** By the program's name; all others must read it. */
  readonly refused?: Readonly<Record<string, Refusal>>
}

const TEXT = 'Some text, which is stored as it is.\n'
const NOISE = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7919) >> 5)

const text = { size: TEXT.length, content: TEXT }
const noise = { size: NOISE.length, content: NOISE }

/** An entry of which the CRC-32 is known when its header is written. */
const whole = (name: string, content: string): Entry => ({
  name,
  size: new TextEncoder().encode(content).length,
  whole: true,
  content,
})

const NO_ENTRIES: Refusal = { why: 'fails for an archive without entries', says: /unzip -tqq/ }
export const STORED_DESCRIPTOR: Refusal = {
  why: 'nothing tells where stored content with a descriptor ends',
  says: /only DEFLATED entries/,
}
const NO_ZIP64: Refusal = {
  why: 'knows no ZIP64, which an entry of unknown size must have: it passes over it',
  says: /finds no names/,
}
const WIDTH_BY_LENGTH: Refusal = {
  why: 'before JDK 22, takes a descriptor of 64 bits for one of 32 up to 4 GiB',
  says: /invalid entry (?:size|CRC)/,
}

export const FEATURES: Readonly<Record<string, Feature>> = {
  'no entries': {
    entries: [],
    refused: {
      'Info-ZIP unzip': NO_ENTRIES,
      funzip: { why: 'there is no first file', says: /invalid zipfile/ },
    },
  },
  'an empty file': { entries: [whole('empty', '')] },
  'sizes and CRC-32 in the header (`sized`)': {
    entries: [whole('a.txt', TEXT), { name: 'b.bin', whole: true, ...noise }],
  },
  'stored blocks, size known (`deflate-stored`)': {
    entries: [
      { name: 'a.txt', ...text },
      { name: 'empty', size: 0, content: '' },
      { name: 'b.bin', ...noise },
    ],
  },
  'stored blocks that the content fills': {
    entries: [65_535, 131_070, 65_536, 65_534].map((size) => ({
      name: `${size}.bin`,
      size,
      content: size,
    })),
  },
  'stored blocks, size unknown': {
    entries: [
      { name: 'a.txt', content: TEXT },
      { name: 'empty', content: '' },
      { name: 'b.bin', content: NOISE },
      { name: 'exact.bin', content: 131_070 },
      { name: 'c.txt', content: TEXT },
    ],
    refused: {
      'Java ZipInputStream': WIDTH_BY_LENGTH,
      'busybox unzip': NO_ZIP64,
      funzip: {
        why: 'takes a descriptor of 64 bits for one of 32',
        says: /crc error|length error/,
      },
    },
  },
  'stored, with a descriptor (`store`)': {
    entries: [
      { name: 'a.txt', ...text },
      { name: 'b.bin', ...noise },
    ],
    options: { framing: 'store' },
    refused: {
      'Java ZipInputStream': STORED_DESCRIPTOR,
      funzip: { ...STORED_DESCRIPTOR, says: /crc error/ },
    },
  },
  'stored, with a descriptor (`store`), size unknown': {
    entries: [
      { name: 'a.txt', content: TEXT },
      { name: 'b.bin', content: NOISE },
    ],
    options: { framing: 'store' },
    refused: {
      'Java ZipInputStream': STORED_DESCRIPTOR,
      'busybox unzip': NO_ZIP64,
      funzip: {
        why: 'knows no ZIP64: it takes all that follows for content',
        says: /ENOBUFS|crc error|length error/,
      },
    },
  },
  'all framings in one archive': {
    entries: [
      { name: 'whole.txt', whole: true, ...text },
      { name: 'known.bin', ...noise },
      { name: 'folder/' },
      whole('folder/empty', ''),
      { name: 'last.bin', size: 100_000, content: 100_000 },
    ],
  },
  'folders, empty ones too': {
    entries: [
      { name: 'empty folder/' },
      { name: 'folder/file', ...text },
      { name: 'folder/deep/er/' },
    ],
  },
  'comments on files and archive': {
    entries: [
      { name: 'a.txt', comment: 'about a file', ...text },
      { name: 'b.txt', comment: 'über 写真', ...text },
    ],
    options: { comment: 'about all of it, über 写真, with PK inside' },
  },
  'symbolic links': {
    entries: [
      whole('folder/target.txt', TEXT),
      { ...whole('link', 'folder/target.txt'), kind: 'symlink' },
    ],
  },
  'POSIX permissions': {
    entries: [0o755, 0o644, 0o600, 0o444].map((mode) => ({
      name: mode.toString(8),
      mode,
      ...text,
    })),
  },
  'names in many scripts': {
    entries: ['Straße', '写真/桜', 'مرحبا', 'שלום', 'ไทย', '😀 emoji', 'e\u0301', 'naïve café'].map(
      (name) => whole(`${name}.txt`, name),
    ),
  },
  'names that were repaired': {
    entries: [
      '/abs',
      '../up',
      'C:\\win',
      'a\\b',
      'con',
      'dot.',
      'sp ',
      'q?*:"<>|',
      'nul\0',
      'same',
      'SAME',
      'a/../x',
      '\ud800',
      'rtl\u202e',
    ].map((name) => whole(name, `once ${JSON.stringify(name)}`)),
  },
  'long names, deep folders': {
    entries: [
      whole(`${'long'.repeat(60)}.txt`, TEXT),
      whole(`${'folder of files/'.repeat(40)}file.txt`, TEXT),
      whole(`${'写'.repeat(80)}.txt`, TEXT),
    ],
  },
  'times from 1902 to 2107': {
    entries: [
      -2_145_916_800_000, -1000, 0, 315_532_801_000, 951_782_400_000, 2_147_483_646_000,
      4_354_819_198_000,
    ].map((lastModified) => ({ name: `${lastModified}.txt`, lastModified, ...text })),
  },
  'without what could not be had, and a report of it (`skip`)': {
    entries: [
      { name: 'gone.txt', missing: 'The server has no such file' },
      whole('a.txt', TEXT),
      { name: 'folder/gone.bin', size: 200_000, missing: 'It was lost' },
    ],
    options: { onError: 'skip' },
    inPlace: {
      'holdall-report.txt':
        '2 of 3 files could not be had, and are not in this archive:\n\n' +
        'gone.txt\n  The server has no such file\n\nfolder/gone.bin\n  It was lost\n',
    },
  },
  'texts in place of what could not be had (`placeholder`)': {
    entries: [
      whole('a.txt', TEXT),
      { name: 'gone.txt', missing: 'The server has no such file' },
      { name: 'folder/gone.bin', size: 200_000, missing: 'It was lost' },
      { name: 'b.bin', ...noise },
    ],
    options: { onError: 'placeholder' },
    inPlace: {
      'gone.txt.error.txt': 'The server has no such file\n',
      'folder/gone.bin.error.txt': 'It was lost\n',
    },
  },
  'a thousand files, each framing in turn': {
    entries: Array.from({ length: 1000 }, (_, index) => {
      const content = String(index).repeat(index)
      const { name, size } = whole(`${index % 10}/${index}.txt`, content)
      return { name, size, content, whole: index % 2 === 0 }
    }),
  },
}
