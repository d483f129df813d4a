import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Suites that install packages or run other programs: minutes, not seconds. */
const slow = ['tests/interop/**/!(who-reads).test.ts', 'tests/package.test.ts']

/** Those that write and read 4 GiB, again and again, or 70,000 files. */
const large = ['tests/interop/over-4-gib*.test.ts', 'tests/interop/many.test.ts']

/** Tests of the unit suite's kind that take seconds each: `npm run check` does without, `npm test` does not. */
const long = [
  'tests/bundle/{import-refusals,import-undo,rewrite-css,rewrite-html}.test.ts',
  'tests/chaos/**/*.test.ts',
  'tests/client/upload{,-resume}.test.ts',
  'tests/contract/stream.test.ts',
  'tests/engine/{ahead,job,missing,resume}.test.ts',
  'tests/errors.test.ts',
  'tests/manifest/{fuzz,json}.test.ts',
  'tests/readme.test.ts',
  'tests/scripts/browsers.test.ts',
  'tests/sources/data.test.ts',
  'tests/sw/stall.test.ts',
  'tests/vite.test.ts',
  'tests/widget/element.test.ts',
  'tests/worker/saving.test.ts',
  'tests/zip/{checkpoint,checkpoint-log,encode,names,omissions,unique-names}.test.ts',
]

export default defineConfig({
  test: {
    // by default one less, which is half of two
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/e2e/**', 'tests/fuzz/**', ...slow, ...long],
          testTimeout: 10_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'long',
          include: long,
          testTimeout: 10_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'fuzz',
          include: ['tests/fuzz/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'interop',
          include: slow,
          exclude: large,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'interop-large',
          include: large,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
