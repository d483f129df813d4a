/** An app that has cached a lot: 5,000 responses, one of them far larger than what may be held in memory. */

import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildBundleApp, bundleApp } from './bundle-app.ts'
import { expect, fileOf, test } from './fixtures.ts'
import { processesOf } from './processes.ts'

const SMALL = 4999
const MEGABYTE = 2 ** 20
const LARGE = 600 * MEGABYTE

test.use({ serverOptions: { root: bundleApp } })
test.beforeAll(() => buildBundleApp())

/** The processes of the browser's pages and workers. */
function renderers(profile: string): number[] {
  const renderer = processesOf(profile).filter(({ line }) => line.includes('--type=renderer'))
  return renderer.map(({ pid }) => pid)
}

/** The most memory that any of them has had, in bytes. */
function peak(profile: string): number {
  const sizes = renderers(profile).map(
    (pid) => /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1],
  )
  return Math.max(...sizes.map(Number)) * 1024
}

test('5,000 responses are exported without being held', async ({
  playwright,
  launchOptions,
  server,
}) => {
  test.setTimeout(180_000)
  test.skip(process.platform !== 'linux', 'only there can the memory of a process be asked for')
  const profile = await mkdtemp(join(tmpdir(), 'holdall-profile-'))
  let context = await playwright.chromium.launchPersistentContext(profile, launchOptions)
  try {
    let page = await context.newPage()
    await page.goto(server.origin)
    await page.waitForSelector('html[data-ready]')
    await page.evaluate(
      async ({ small, large, megabyte }) => {
        const cache = await caches.open('many')
        const type = { 'Content-Type': 'application/octet-stream' }
        for (let first = 0; first < small; first += 500) {
          const count = Math.min(500, small - first)
          const puts = Array.from({ length: count }, (_, index) =>
            cache.put(
              `/many/${first + index}`,
              new Response(`response ${first + index}`, { headers: type }),
            ),
          )
          await Promise.all(puts)
        }
        let left = large
        const body = new ReadableStream<Uint8Array>({
          pull(controller) {
            controller.enqueue(new Uint8Array(megabyte).fill(left / megabyte))
            left -= megabyte
            if (left === 0) controller.close()
          },
        })
        await cache.put('/many/large', new Response(body, { headers: type }))
      },
      { small: SMALL, large: LARGE, megabyte: MEGABYTE },
    )
    // In a browser that has not made it all.
    await context.close()
    context = await playwright.chromium.launchPersistentContext(profile, launchOptions)
    page = await context.newPage()
    await page.goto(server.origin)
    await page.waitForSelector('html[data-ready]')
    const [download, { length, bytes, entries }] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate(async () => {
        const job = window.exportBundle({ caches: ['many'] })
        const plan = await job.plan()
        const report = await job.download()
        return { length: plan.length, bytes: report.bytes, entries: report.entries }
      }),
    ])
    const path = await fileOf(download)
    // holdall-bundle.json, README.txt, and a first page: there is none in that cache.
    expect({ length, bytes, entries }).toEqual({
      length: statSync(path).size,
      bytes: statSync(path).size,
      entries: SMALL + 1 + 3,
    })
    console.log('PEAK', peak(profile))
    expect(peak(profile)).toBeLessThan(LARGE / 2)
    execFileSync('unzip', ['-tqq', path], { stdio: 'pipe' })
  } finally {
    await context.close()
    await rm(profile, { recursive: true, force: true })
  }
})
