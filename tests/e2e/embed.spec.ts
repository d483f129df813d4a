/** A page of another site, which has its downloads made by the site that hosts holdall. */

import { wholeContent } from './content.ts'
import { test } from './embedding.ts'
import { digests, expect, fileOf, sha256, unzipTest } from './fixtures.ts'

test('files of the page, of others and its own become one download', async ({ shop, sites }) => {
  const [download, outcome] = await Promise.all([
    shop.waitForEvent('download'),
    shop.evaluate(async () => {
      const text = 'grün 写真\n'.repeat(100_000)
      return window.download(
        [
          { url: 'data/1/1000', name: 'relative.bin', size: 1000 },
          { url: '/data/2/7000000', name: 'folder/probed.bin' },
          new File([text], 'file.txt'),
          { name: 'text.txt', data: text },
          { name: 'bytes.txt', data: new TextEncoder().encode(text) },
          { name: 'stream.txt', data: new Blob([text]).stream() },
          { name: 'function.txt', data: async () => text },
          { name: 'empty/', directory: true },
        ],
        { name: 'laden.zip' },
      )
    }),
  ])
  expect(outcome).toMatchObject({
    report: { sink: 'service-worker', fallbacks: [], name: 'laden.zip', entries: 8 },
  })
  expect(download.suggestedFilename()).toBe('laden.zip')
  expect(download.url()).toContain(sites.hosting.origin)
  const path = await fileOf(download)
  unzipTest(path)
  const text = sha256('grün 写真\n'.repeat(100_000))
  expect(digests(path)).toEqual({
    'relative.bin': sha256(wholeContent(1, 1000)),
    'folder/probed.bin': sha256(wholeContent(2, 7_000_000)),
    'file.txt': text,
    'text.txt': text,
    'bytes.txt': text,
    'stream.txt': text,
    'function.txt': text,
  })
  expect(sites.hosting.requests.filter((request) => request.includes('/data/'))).toEqual([])
})
