/** A download that is paused in the browser's own list: nothing of it may pile up in between. */

import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findExtensible } from '../../scripts/setup.mjs'
import { content } from './content.ts'
import { digests, expect, fileOf, openApp, sha256, test } from './fixtures.ts'

/** What https://developer.chrome.com/docs/extensions/reference/api/downloads says of a download. */
interface Item {
  readonly paused: boolean
  readonly filename: string
  readonly totalBytes: number
}

const extension = fileURLToPath(new URL('./extension/', import.meta.url))
const COUNT = 4
const SIZE = 100_000_000

test('a download that is paused in the browser stops the flow, and goes on @alone', async ({
  playwright,
  server,
  launchOptions,
}) => {
  const executablePath = findExtensible()
  test.skip(executablePath === undefined, 'Google Chrome takes no extension: Chromium is needed')
  const profile = await mkdtemp(join(tmpdir(), 'holdall-e2e-'))
  const context = await playwright.chromium.launchPersistentContext(profile, {
    ...launchOptions,
    ...(executablePath !== undefined && { executablePath }),
    ignoreDefaultArgs: ['--disable-extensions'],
    args: [
      ...(launchOptions.args ?? []),
      `--load-extension=${extension}`,
      `--disable-extensions-except=${extension}`,
      '--disable-features=DisableLoadExtensionCommandLineSwitch',
    ],
  })
  try {
    const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
    const page = await context.newPage()
    await openApp(page, server)
    const begun = page.waitForEvent('download')
    const outcome = page.evaluate(
      ([count, size]) => {
        const job = window.zip(
          Array.from({ length: count }, (_, seed) => ({
            url: `/data/${seed}/${size}?slow=5`,
            name: `${seed}.bin`,
            size,
          })),
        )
        job.addEventListener('progress', ({ progress }) => {
          document.body.dataset['received'] = String(progress.received)
        })
        return job.download()
      },
      [COUNT, SIZE] as const,
    )
    outcome.catch(() => undefined)
    const download = await begun
    await expect.poll(() => server.sent).toBeGreaterThan(20_000_000)
    await worker.evaluate('pause()')

    let sent = -1
    const standsStill = (): boolean => {
      const before = sent
      sent = server.sent
      return sent === before
    }
    await expect.poll(standsStill, { intervals: [1000], timeout: 20_000 }).toBe(true)
    const { paused, totalBytes, filename }: Item = await worker.evaluate('newest()')
    expect(paused).toBe(true)
    expect(totalBytes).toBeGreaterThan(COUNT * SIZE)
    // What the kernel and the browser's network stack hold is not ours: a plain fetch that nobody
    // reads has tens of megabytes of it for each connection.
    const received = Number(await page.evaluate(() => document.body.dataset['received']))
    const { size: onDisk } = await stat(`${filename}.crdownload`)
    expect(received).toBeGreaterThan(0)
    expect(received - onDisk).toBeLessThan(64 * 1024 * 1024)
    expect(sent).toBeLessThan((COUNT * SIZE) / 2)
    expect(server.open).toBeGreaterThan(0)

    await worker.evaluate('resume()')
    expect(await outcome).toMatchObject({ entries: COUNT, bytes: totalBytes })
    const expected = Array.from({ length: COUNT }, (_, seed) => [
      `${seed}.bin`,
      sha256(Buffer.concat([...content(seed, SIZE)])),
    ])
    expect(digests(await fileOf(download))).toEqual(Object.fromEntries(expected))
  } finally {
    await context.close()
    await rm(profile, { recursive: true, force: true })
  }
})
