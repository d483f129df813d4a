/** Five gigabytes to disk: the exact length beforehand, and every byte as another program makes it. */

import { execFileSync } from 'node:child_process'
import { open, stat } from 'node:fs/promises'
import { zipStream } from '../../src/core.ts'
import { content } from './content.ts'
import { expect, fileOf, test, type Page } from './fixtures.ts'

const GIGABYTE = 2 ** 30

/** One over 4 GiB, so that what follows lies beyond what 32 bits can point to. */
const FILES = [
  { seed: 1, size: 300 * 2 ** 20 },
  { seed: 2, size: 4 * GIGABYTE + 12_345 },
  { seed: 3, size: 100 * 2 ** 20 + 1 },
  { seed: 4, size: 1000 },
  { seed: 5, size: 600 * 2 ** 20 },
].map((file) => ({ ...file, name: `part ${file.seed}.bin`, lastModified: 1_700_000_000_000 }))

test('packs five gigabytes', { tag: '@large' }, async ({ app }) => {
  test.setTimeout(240_000)
  const seen = await progressOf(app)
  const [download, outcome] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(
      (files) =>
        window.download(
          files.map(({ seed, ...file }) => ({ ...file, url: `/data/${seed}/${file.size}` })),
          { name: 'five.zip' },
        ),
      FILES,
    ),
  ])
  const path = await fileOf(download)
  const { size } = await stat(path)
  expect(outcome).toMatchObject({ report: { entries: FILES.length, bytes: size } })
  expect(seen.length).toBeGreaterThan(1)
  expect(seen[0]?.receivedBytes).toBeLessThan(GIGABYTE)
  for (const { totalBytes } of seen) expect(totalBytes).toBe(size)

  const files = FILES.map(({ seed, ...file }) => ({
    ...file,
    data: () => streamOf(content(seed, file.size)),
  }))
  const file = await open(path)
  const buffer = Buffer.alloc(2 ** 21)
  let at = 0
  for await (const chunk of zipStream(files) as unknown as AsyncIterable<Uint8Array>) {
    const { bytesRead } = await file.read(buffer, 0, chunk.length)
    if (!buffer.subarray(0, bytesRead).equals(chunk)) throw new Error(`It differs after byte ${at}`)
    at += chunk.length
  }
  await file.close()
  expect(at).toBe(size)
  const listed = execFileSync('python3', [
    '-c',
    'import sys,zipfile;print(*(f"{i.filename}={i.file_size}" for i in zipfile.ZipFile(sys.argv[1]).infolist()),sep="|")',
    path,
  ])
  expect(listed.toString().trim()).toBe(FILES.map((file) => `${file.name}=${file.size}`).join('|'))
  await download.delete()
})

interface DownloadProgress {
  readonly receivedBytes: number
  readonly totalBytes: number
}

/** What the browser says of the page's downloads, from now on. */
async function progressOf(page: Page): Promise<DownloadProgress[]> {
  const seen: DownloadProgress[] = []
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Page.enable')
  devTools.on('Page.downloadProgress', (progress) => seen.push(progress))
  return seen
}

function streamOf(chunks: Iterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const { done, value } = chunks.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
  })
}
