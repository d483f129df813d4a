/** Storage of the origin's own: what is removed of the archives of others, and what is left alone. */

import { begin, privateFiles, WITHOUT_WORKER, withoutPicker } from './fallback.ts'
import { expect, openApp, test, type Page } from './fixtures.ts'

test.use({ serverOptions: WITHOUT_WORKER })

const SLOW = [{ url: '/data/1/50000000?slow=300', name: 'a.bin', size: 50_000_000 }]

/** Archives there now, by the names of their files. */
async function archives(page: Page): Promise<string[]> {
  return (await privateFiles(page)).filter((path) => path.endsWith('.zip'))
}

async function packs(page: Page): Promise<void> {
  const { outcome } = await begin(page, [{ name: 'a', data: 'a' }])
  expect(await outcome).toMatchObject({ sink: 'origin-private' })
}

test.beforeEach(async ({ page, server }) => {
  await withoutPicker(page)
  await openApp(page, server)
})

test('what pages leave half-made is removed at the next use, if they are dead', async ({
  page,
  context,
  server,
}) => {
  const [dead, alive] = await Promise.all([context.newPage(), context.newPage()])
  const files: string[] = []
  for (const other of [dead, alive]) {
    await withoutPicker(other)
    await openApp(other, server)
    await begin(other, SLOW)
    await expect.poll(() => archives(page)).toHaveLength(files.length + 1)
    files.push(...(await archives(page)).filter((path) => !files.includes(path)))
  }
  await packs(page)
  expect(await archives(page)).toEqual(expect.arrayContaining(files))
  await dead.close()
  await expect.poll(() => server.open).toBe(1) // the dead one's request is over
  await packs(page)
  expect(await archives(page)).not.toContain(files[0])
  expect(await archives(page)).toContain(files[1])
})

test('what pages leave whole is left to the browser for a time, and to pages that live', async ({
  page,
  context,
  server,
}) => {
  const dead = await context.newPage()
  await withoutPicker(dead)
  await openApp(dead, server)
  await packs(dead)
  const [ofDead] = await archives(page)
  const alive = await context.newPage()
  await withoutPicker(alive)
  await openApp(alive, server)
  await packs(alive)
  const [ofAlive] = (await archives(page)).filter((path) => path !== ofDead)
  await dead.close()
  await packs(page)
  expect(await archives(page)).toEqual(expect.arrayContaining([ofDead, ofAlive]))
  await page.evaluate(() => {
    const { now } = Date
    Date.now = () => now() + 6 * 60_000
  })
  await packs(page)
  expect(await archives(page)).not.toContain(ofDead)
  expect(await archives(page)).toContain(ofAlive)
})

test('what a browser that crashed was writing is removed', async ({ page }) => {
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const folder = await root.getDirectoryHandle('holdall', { create: true })
    for (const name of ['half.zip', 'half.zip.part']) {
      const writable = await (await folder.getFileHandle(name, { create: true })).createWritable()
      if (name.endsWith('.part')) await writable.write('half')
      await writable.close()
    }
  })
  expect(await privateFiles(page)).toHaveLength(2)
  await packs(page)
  expect((await privateFiles(page)).filter((path) => path.includes('half'))).toEqual([])
})
