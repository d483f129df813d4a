/** Hostile and damaged bundles: each is refused with its code, and nothing of it is left. */

import { zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { exportBundle, importBundle, type ImportOptions } from '../../src/bundle.ts'
import type { ErrorCode } from '../../src/errors.ts'
import { openPage, type Browser } from './import-page.ts'
import {
  centralRecord,
  describeApp,
  digestsOf,
  HERE,
  replaced,
  zipOf,
  type Given,
} from './made-bundle.ts'

let browser: Browser

beforeEach(async () => {
  browser = await openPage()
})

afterEach(() => vi.unstubAllGlobals())

/** Makes sure that `bytes` are refused, and that the caches are as they were. */
async function expectRefusal(
  bytes: Uint8Array<ArrayBuffer>,
  code: ErrorCode,
  detail: object = {},
  options: ImportOptions = {},
): Promise<void> {
  const before = browser.caches.seen()
  const refused = importBundle(new Blob([bytes]), options)
  await expect(refused).rejects.toMatchObject({
    name: 'HoldallError',
    code,
    message: expect.stringMatching(/^Cannot (import|read) /),
    detail: expect.objectContaining(detail),
  })
  expect(browser.caches.seen()).toEqual(before)
}

interface Changeable {
  start: unknown
  responses: Record<string, unknown>[]
}

/** A bundle of the app whose description is changed by `change`. */
async function changed(
  change: (description: Changeable) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const { description, bodies } = describeApp()
  const copy = structuredClone(description) as never
  change(copy)
  return zipOf({ description: copy, bodies })
}

const last = describeApp().description.responses.length - 1

describe('bodies that are not what the description says', () => {
  // the last one, so that all others are verified before
  it.each([
    ['size', 79_999, 'bundle-mismatch', { field: 'size', planned: 79_999, actual: 80_000 }],
    ['crc32', '00000000', 'bundle-mismatch', { field: 'crc32', planned: '00000000' }],
    ['sha256', 'ab'.repeat(32), 'bundle-mismatch', { field: 'sha256', url: `${HERE}/photo.jpg` }],
  ] as const)('are refused: another %s', async (field, value, code, detail) => {
    const bytes = await changed(({ responses }) => (responses[last]![field] = value))
    await expectRefusal(bytes, code, detail)
  })

  it('are refused: a byte is another', async () => {
    const bytes = await zipOf(describeApp())
    const at = Buffer.from(bytes).indexOf(Buffer.from([0, 7, 14, 21, 28, 35]))
    bytes[at + 1000]! ^= 1
    await expectRefusal(bytes, 'bundle-mismatch', { field: 'crc32', url: `${HERE}/photo.jpg` })
  })

  it('are refused: the description was damaged where any text will do', async () => {
    const zip = await zipOf(describeApp())
    const bytes = replaced(zip, 'text/javascript', 'text/kavascript')
    await expectRefusal(bytes, 'invalid-bundle', { path: 'holdall-bundle.json' })
  })

  it('are refused: bytes that have the same CRC-32', async () => {
    const { description, bodies } = describeApp([{ url: `${HERE}/a`, body: 'plumless' }])
    const collision = new Uint8Array(Buffer.from('buckeroo'))
    expect(digestsOf(collision).crc32).toBe(description.responses[0]!.crc32)
    bodies.forEach((_, path) => (bodies as Map<string, unknown>).set(path, collision))
    await expectRefusal(await zipOf({ description, bodies }), 'bundle-mismatch', {
      field: 'sha256',
    })
  })

  it('are refused: no end, behind a header that says a small size', async () => {
    const { description } = describeApp([{ url: `${HERE}/a`, body: 'a'.repeat(100) }])
    const many = new Uint8Array(5_000_000).fill(97)
    const zip = zipSync({
      'index.html': new Uint8Array(1),
      'responses/0.bin': many,
      'holdall-bundle.json': Buffer.from(JSON.stringify(description)),
    })
    const { crc32 } = description.responses[0]!
    const crc = (hex: string): Uint8Array => {
      const bytes = new Uint8Array(4)
      new DataView(bytes.buffer).setUint32(0, Number.parseInt(hex, 16), true)
      return bytes
    }
    const size = (value: number): Uint8Array => new Uint8Array(new Uint32Array([value]).buffer)
    let bytes = replaced(zip, crc(digestsOf(many).crc32), crc(crc32))
    bytes = replaced(bytes, size(many.length), size(100))
    await expectRefusal(bytes, 'invalid-bundle', { path: 'responses/0.bin' })
  })
})

describe('limits', () => {
  it('of entries', async () => {
    const more = Array.from({ length: 20 }, (_, index) => ({ name: `more/${index}`, data: '' }))
    const bytes = await zipOf(describeApp([{ url: `${HERE}/a` }]), more)
    const detail = { limit: 'entries', allowed: 22, actual: 23 }
    await expectRefusal(bytes, 'bundle-too-large', detail, { limits: { entries: 22 } })
    await importBundle(new Blob([bytes]), { limits: { entries: 23 } })
  })

  it('of responses, though they be of one entry', async () => {
    const { description, bodies } = describeApp([{ url: `${HERE}/0`, body: 'one' }])
    const responses = Array.from({ length: 50 }, (_, i) => ({
      ...description.responses[0]!,
      url: `${HERE}/${i}`,
    }))
    const bytes = await zipOf({ description: { ...description, responses }, bodies })
    await expectRefusal(
      bytes,
      'bundle-too-large',
      { limit: 'entries', actual: 50 },
      { limits: { entries: 49 } },
    )
    await expectRefusal(
      bytes,
      'bundle-too-large',
      { limit: 'bytes', actual: 150 },
      { limits: { bytes: 149 } },
    )
    await importBundle(new Blob([bytes]), { limits: { entries: 50, bytes: 150 } })
  })

  it('of the description', async () => {
    const bytes = await zipOf(describeApp())
    const limits = { description: 1000 }
    await expectRefusal(
      bytes,
      'bundle-too-large',
      { limit: 'description', allowed: 1000 },
      { limits },
    )
  })

  it('of the description have nothing to do with the rest of the ZIP', async () => {
    const bytes = await zipOf(describeApp())
    expect(bytes.length).toBeGreaterThan(80_000)
    await importBundle(new Blob([bytes]), { limits: { description: 20_000 } })
  })

  it('of a ratio, by default', async () => {
    const body = new Uint8Array(3_000_000)
    const { description, bodies } = describeApp([{ url: `${HERE}/a`, body }])
    const files = {
      ...Object.fromEntries(bodies),
      'index.html': Buffer.from('<p>'),
      'holdall-bundle.json': Buffer.from(JSON.stringify(description)),
    }
    const bytes = new Uint8Array(zipSync(files))
    await expectRefusal(bytes, 'bundle-too-large', {
      limit: 'ratio',
      allowed: 200,
      entry: 'responses/0.bin',
    })
    await importBundle(new Blob([bytes]), { limits: { ratio: 2000 } })
  })

  it('of a download that is announced, before any of it is read', async () => {
    const read = vi.fn<() => void>()
    const body = new ReadableStream({ pull: read }, { highWaterMark: 0 })
    const headers = { 'Content-Length': '2000' }
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { headers })))
    const refused = importBundle('/app.zip', { limits: { download: 1999 } })
    const detail = { limit: 'download', actual: 2000 }
    await expect(refused).rejects.toMatchObject({ code: 'bundle-too-large', detail })
    expect(read).not.toHaveBeenCalled()
  })

  it('of a download that has no end', async () => {
    const pull = (controller: ReadableStreamDefaultController): void =>
      controller.enqueue(new Uint8Array(1000))
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(new ReadableStream({ pull }))))
    const refused = importBundle('/app.zip', { limits: { download: 1999 } })
    const detail = { limit: 'download', actual: 2000 }
    await expect(refused).rejects.toMatchObject({ code: 'bundle-too-large', detail })
  })

  it.each([{ entries: 0 }, { ratio: NaN }, { bytes: '1' as never }, { size: 1 } as never])(
    'are positive numbers: not %j',
    async (limits) => {
      const refused = importBundle(new Blob(), { limits })
      await expect(refused).rejects.toMatchObject({ code: 'invalid-option' })
    },
  )
})

describe('names in the ZIP', () => {
  const placeholder = 'xx/yyyyyyyyyy.txt'
  it.each([
    '../aaaaaaaaaa.txt',
    'xx/../../aaaa.txt',
    '/absoluteeeee.txt',
    'C:/aaaaaaaaaa.txt',
    'c:aaaaaaaaaaa.txt',
    '..\\aaaaaaaaaa.txt',
    'xx\\..\\aaaaaaa.txt',
    'xx\\aaaaaaaaaa.txt',
    '\\\\host\\aaaaaa.txt',
    'xx/aaaaaaaaa\0.txt',
    'xx//aaaaaaaaa.txt',
    'xx/./aaaaaaaa.txt',
  ])('may not lead outside it: %j', async (name) => {
    const zip = await zipOf(describeApp(), [{ name: placeholder, data: 'x' }])
    await importBundle(new Blob([zip])) // with the harmless name
    browser = await openPage()
    await expectRefusal(replaced(zip, placeholder, name), 'invalid-bundle')
  })

  it.each(['../a', '/a', 'C:/a', 'a\\b', 'a//b', './a', '', '.', 'a/..', 'a\0', '\ud800'])(
    'may not in the description: %j',
    async (path) => {
      await expectRefusal(
        await changed(({ responses }) => (responses[0]!['path'] = path)),
        'invalid-bundle',
        { path: '$.responses[0].path' },
      )
      await expectRefusal(await changed((all) => (all.start = path)), 'invalid-bundle', {
        path: '$.start',
      })
    },
  )

  it('may not be there twice', async () => {
    const files = [
      { name: 'one.txt', data: '1' },
      { name: 'two.txt', data: '2' },
    ]
    const zip = await zipOf(describeApp(), files)
    await expectRefusal(replaced(zip, 'two.txt', 'one.txt'), 'invalid-bundle')
  })

  it('must be there', async () => {
    const { description, bodies } = describeApp()
    const rest = new Map([...bodies].slice(1))
    const path = description.responses[0]!.path
    await expectRefusal(await zipOf({ description, bodies: rest }), 'invalid-bundle', { path })
    const page = await changed(({ responses }) => (responses[0]!['page'] = 'pages/0.html'))
    await expectRefusal(page, 'invalid-bundle', { path: 'pages/0.html' })
  })
})

describe('a ZIP that is none, or says two things', () => {
  it.each([
    ['nothing', new Uint8Array()],
    ['text', new Uint8Array(Buffer.from('<!doctype html><title>Not found</title>'.repeat(50)))],
  ])('is refused: %s', (_, bytes) => expectRefusal(bytes, 'invalid-bundle'))

  it('is refused: cut off, anywhere', async () => {
    const zip = await zipOf(describeApp())
    for (const length of [100, zip.length / 2, zip.length - 30, zip.length - 1]) {
      await expectRefusal(zip.slice(0, length), 'invalid-bundle')
    }
  })

  it('is refused: something before it, or behind it', async () => {
    const zip = await zipOf(describeApp())
    await expectRefusal(new Uint8Array([...new Uint8Array(10), ...zip]), 'invalid-bundle')
    await expectRefusal(new Uint8Array([...zip, 1]), 'invalid-bundle')
  })

  it('is refused: without a description', async () => {
    const zip = await zipOf(describeApp())
    const renamed = replaced(zip, 'holdall-bundle.json', 'holdall-bundle.jsom')
    await expectRefusal(renamed, 'invalid-bundle', { path: '' })
  })

  it.each(['responses/0.bin', 'index.html'])('is refused: %s is encrypted', async (path) => {
    const zip = await zipOf(describeApp())
    zip[centralRecord(zip, path) + 8]! |= 1
    await expectRefusal(zip, 'invalid-bundle', { path })
  })

  it('is refused: a link', async () => {
    const link = { name: 'link', symlink: 'index.html' }
    await expectRefusal(await zipOf(describeApp(), [link]), 'invalid-bundle', { path: 'link' })
  })

  it('is refused: an entry in another', async () => {
    const inner = { url: `${HERE}/inner`, body: 'inside' }
    const { description, bodies } = describeApp([inner, { url: `${HERE}/outer` }])
    const alone = await zipOf({ description: '{}', bodies: new Map([...bodies].slice(0, 1)) })
    const start = Buffer.from(alone).lastIndexOf('PK\x03\x04')
    const end = Buffer.from(alone).indexOf('PK\x01\x02')
    const record = alone.slice(start, end)
    const [, outer] = description.responses
    const both = {
      description: {
        ...description,
        responses: [description.responses[0], { ...outer, ...digestsOf(record) }],
      },
      bodies: new Map(
        [...bodies].map(([path, body]) => [path, path === outer!.path ? record : body]),
      ),
    }
    const zip = await zipOf(both)
    await importBundle(new Blob([zip])) // side by side they are two harmless files
    browser = await openPage()
    const at = Buffer.from(zip).lastIndexOf(record)
    new DataView(zip.buffer).setUint32(centralRecord(zip, 'responses/0.bin') + 42, at, true)
    await expectRefusal(zip, 'invalid-bundle')
  })
})

describe('origins', () => {
  const there = 'https://evil.example'
  const only: Given[] = [{ url: `${there}/a` }]

  it('of the bundle must be this, or the one in `from`', async () => {
    const bytes = await zipOf(describeApp(only, there))
    await expectRefusal(bytes, 'foreign-origin', { origin: there })
    const from = 'https://other.example'
    await expectRefusal(bytes, 'foreign-origin', { origin: there }, { from })
    await expectRefusal(bytes, 'foreign-origin', { origin: there }, { origins: [there] })
  })

  it.each([
    `${there}/app.js`,
    `${HERE}.evil.example/`,
    'https://user@app.example/',
    'http://app.example/',
    'https://app.example:8443/',
    'https://sub.app.example/',
  ])('of a response must be that of the bundle: not %s', async (url) => {
    const bytes = await zipOf(describeApp([{ url: `${HERE}/a` }, { url }]))
    await expectRefusal(bytes, url.includes('@') ? 'invalid-bundle' : 'foreign-origin')
  })

  it('of a response may be no longer this, if `from` is another', async () => {
    const bytes = await zipOf(describeApp([{ url: `${HERE}/a` }], there))
    await expectRefusal(bytes, 'foreign-origin', { origin: HERE }, { from: there })
  })

  it.each(['https://app.example/', 'app.example', '*', '', 'data:,', { toString: false } as never])(
    'in options must be origins: not %j',
    async (origin) => {
      for (const options of [{ from: origin }, { origins: [origin] }]) {
        const refused = importBundle(new Blob(), options)
        await expect(refused).rejects.toMatchObject({ code: 'invalid-option' })
      }
    },
  )
})

describe('what is given', () => {
  it.each([null, undefined, 5, {}, []])('is no bundle: %j', async (source) => {
    const refused = importBundle(source as never)
    await expect(refused).rejects.toMatchObject({
      code: 'invalid-option',
      detail: { option: 'source' },
    })
  })

  it('cannot be told anything by what is no object', async () => {
    const detail = { option: 'options' }
    await expect(importBundle(new Blob(), null as never)).rejects.toMatchObject({ detail })
    expect(() => exportBundle(null as never)).toThrow(expect.objectContaining({ detail }))
  })
})
