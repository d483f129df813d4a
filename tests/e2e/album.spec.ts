/** The sample album of the demo, asked for by the URL of its manifest, as it lands on disk. */

import { readFile } from 'node:fs/promises'
import { crc32 } from '../../src/core.ts'
import { digests, expect, fileOf, sha256, test, unzipTest } from './fixtures.ts'

interface Sample {
  readonly url: string
  readonly name: string
  readonly size: number
  readonly crc32?: number
}

const samples = new URL('../../public/samples/', import.meta.url)

test('packs the sample album by the URL of its manifest', async ({ app }) => {
  const manifest = await readFile(new URL('manifest.json', samples), 'utf8')
  const { files } = JSON.parse(manifest) as { files: Sample[] }
  const answer = app.waitForResponse((response) => response.url().includes('/holdall/'))
  const [download, outcome] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => window.download('/samples/manifest.json', { name: 'album.zip' })),
  ])
  const path = await fileOf(download)
  unzipTest(path)

  const expected: Record<string, string> = {}
  for (const { url, name, size, ...sample } of files) {
    const bytes = await readFile(new URL(url, samples))
    expect(bytes.length, `the size of ${name} in the manifest`).toBe(size)
    if (sample.crc32 !== undefined) expect(crc32(bytes), `the CRC-32 of ${name}`).toBe(sample.crc32)
    expected[name] = sha256(bytes)
  }
  expect(digests(path)).toEqual(expected)
  const { length } = await readFile(path)
  expect(outcome).toMatchObject({ report: { entries: files.length, bytes: length, warnings: [] } })
  expect((await answer).headers()['content-length']).toBe(String(length))
})
