/** Downloads without a service worker, in each engine: the next best way, and what is said of it. */

import { networkInterfaces } from 'node:os'
import { wholeContent } from '../e2e/content.ts'
import { WITHOUT_WORKER } from '../e2e/fallback.ts'
import { digests, expect, hasPrivateFiles, note, outcomeOf, sha256, test } from './fixtures.ts'
import type { Page } from './engine.ts'

const SIZE = 7_000_000
const NO_WORKER = { sink: 'service-worker', code: 'service-worker-not-found' }
const NO_STORAGE = { sink: 'origin-private', code: 'sink-unavailable' }

/** All but the dialog, which nobody would answer. */
const SINKS = ['service-worker', 'origin-private', 'memory'] as const

/** The paths of all files that are in the storage of the page's own, which some engines have not. */
const privateFiles = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const names: string[] = []
    const root = await navigator.storage.getDirectory()
    const folder = await root.getDirectoryHandle('holdall', { create: true })
    for await (const name of folder.keys()) names.push(name)
    return names
  })

test.describe('without a service worker', () => {
  test.use({ serverOptions: WITHOUT_WORKER })

  test('no service worker to be had', async ({ app, engine, ended }) => {
    await app.evaluate(
      ([size, sinks]) => {
        // what a browser is given time to copy is kept for minutes
        const { setTimeout } = window
        const sooner = (then: () => void, ms?: number): number =>
          setTimeout(then, Math.min(ms ?? 0, 5000))
        Object.assign(window, { setTimeout: sooner })
        const file = { url: `/data/1/${size}`, name: 'a.bin', size }
        window.outcome = window.download([file], { name: 'fällt.zip', sinks })
      },
      [SIZE, SINKS] as const,
    )
    const { state, name, path } = await ended()
    const storage = { sink: 'origin-private', fallbacks: [NO_WORKER] }
    const memory = { sink: 'memory', fallbacks: [NO_WORKER, NO_STORAGE] }
    const stored = await hasPrivateFiles(app)
    if (engine !== 'webkit') expect(stored).toBe(true)
    expect(await outcomeOf(app)).toMatchObject({ report: stored ? storage : memory })
    expect({ state, name }).toEqual({ state: 'complete', name: 'fällt.zip' })
    expect(digests(path)).toEqual({ 'a.bin': sha256(wholeContent(1, SIZE)) })
    if (!stored) return note('in memory: it has no storage of the site’s own')
    note('in storage of the site’s own, then by a link')
    expect(await privateFiles(app)).toHaveLength(1)
    await expect.poll(() => privateFiles(app), { timeout: 10_000 }).toEqual([])
  })

  test('an archive in memory, if that is all that a page allows', async ({ app, ended }) => {
    await app.evaluate((size) => {
      const file = { url: `/data/1/${size}`, name: 'a.bin', size }
      window.outcome = window.download([file], { name: 'kept.zip', sinks: ['memory'] })
    }, SIZE)
    const { state, name, path } = await ended()
    expect(await outcomeOf(app)).toMatchObject({ report: { sink: 'memory', fallbacks: [] } })
    expect({ state, name }).toEqual({ state: 'complete', name: 'kept.zip' })
    expect(digests(path)).toEqual({ 'a.bin': sha256(wholeContent(1, SIZE)) })
  })

  test('cancel without a service worker: nothing is left in storage', async ({ app, server }) => {
    await app.evaluate((sinks) => {
      const file = { url: '/data/1/50000000?slow=50', name: 'a.bin', size: 50_000_000 }
      window.job = window.zip([file], { sinks })
      window.outcome = window.job.download().catch(({ code, detail }) => ({ code, detail }))
    }, SINKS)
    await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
    const stored = await hasPrivateFiles(app)
    if (stored) expect(await privateFiles(app)).not.toEqual([])
    await app.evaluate(() => window.job.cancel())
    expect(await outcomeOf(app)).toEqual({ code: 'cancelled', detail: { by: 'page' } })
    await expect.poll(() => server.open).toBe(0)
    if (stored) await expect.poll(() => privateFiles(app)).toEqual([])
  })

  test('an archive too large for memory is refused before anything is fetched', async ({
    app,
    server,
  }) => {
    await app.evaluate(() => {
      const file = { url: '/data/1/600000000', name: 'a.bin', size: 600_000_000 }
      window.outcome = window.download([file], { sinks: ['service-worker', 'memory'] })
    })
    expect(await outcomeOf(app)).toMatchObject({
      code: 'too-large-for-memory',
      detail: { limit: 512 * 1024 * 1024 },
    })
    expect(server.sent).toBe(0)
  })
})

/** An address of this machine at which it is no more secure than any other: not that of itself alone. */
const ADDRESS = Object.values(networkInterfaces())
  .flat()
  .find((found) => found?.family === 'IPv4' && !found.internal)?.address

test.describe('plain HTTP', () => {
  test.skip(ADDRESS === undefined, 'this machine is in no network')
  test.use({ serverOptions: { ...(ADDRESS !== undefined && { host: ADDRESS }) } })

  test('a page on plain HTTP', async ({ app, ended }) => {
    await app.evaluate(
      ([size, sinks]) => {
        const file = { url: `/data/1/${size}`, name: 'a.bin', size }
        window.outcome = window.download([file], { sinks })
      },
      [SIZE, SINKS] as const,
    )
    const { state, path } = await ended()
    const insecure = { sink: 'service-worker', code: 'insecure-context' }
    expect(await outcomeOf(app)).toMatchObject({
      report: { sink: 'memory', fallbacks: [insecure, NO_STORAGE] },
    })
    expect(state).toBe('complete')
    expect(digests(path)).toEqual({ 'a.bin': sha256(wholeContent(1, SIZE)) })
    note('in memory: browsers give such pages no service worker, and no storage')
    const { sink, findings } = await app.evaluate(() => window.diagnose())
    expect(sink).toBe('memory')
    expect(findings.find(({ code }) => code === 'secure-context')).toMatchObject({
      severity: 'problem',
    })
  })
})
