// Why: docs/output.md says which program reads which feature, and may say only what the corpus tests.

import { readFileSync, writeFileSync } from 'node:fs'
import { runnerImport } from 'vite'
import { root } from './run.mjs'

/** @typedef {typeof import('../tests/interop/corpus/table.ts')} Table */

const path = `${root}docs/output.md`
const { module } = await runnerImport(`${root}tests/interop/corpus/table.ts`)
const { withTable } = /** @type {Table} */ (module)
writeFileSync(path, withTable(readFileSync(path, 'utf8')))
