/** What diagnose() finds on pages that were made to have a fault, and on those that have none. */

import { CASES } from './faults.ts'
import { expect, type Page } from './fixtures.ts'
import { test } from './windows.ts'

/** For a comparison: any text that matches. */
function saying(pattern: RegExp): string {
  return expect.stringMatching(pattern) as unknown as string
}

/** What is not well, by its code; each with a remedy, and all that is well without. */
async function faults(page: Page): Promise<{ sink?: string; [code: string]: string | undefined }> {
  const { sink, findings } = await page.evaluate(() => window.diagnose())
  const codes = findings.map(({ code }) => code)
  expect(codes).toEqual([...new Set(codes)])
  for (const { severity, message, remedy } of findings) {
    expect(message).not.toBe('')
    expect(remedy !== undefined, message).toBe(severity !== 'ok')
  }
  const notWell = findings.filter(({ severity }) => severity !== 'ok')
  return {
    ...(sink !== undefined && { sink }),
    ...Object.fromEntries(
      notWell.map(({ code, severity, message }) => [code, `${severity}: ${message}`]),
    ),
  }
}

for (const [what, { options, sink, found }] of Object.entries(CASES)) {
  test.describe(`a site with ${what}`, () => {
    test.use({ serverOptions: options })

    test(`has ${Object.keys(found).join(', ') || 'no fault'}`, async ({ app }) => {
      let begun = 0
      app.on('download', () => begun++)
      const matching = Object.entries(found).map(([code, pattern]) => [code, saying(pattern)])
      expect(await faults(app)).toEqual({
        ...(sink !== undefined && { sink }),
        ...Object.fromEntries(matching),
      })
      expect(begun).toBe(0)
      await expect(app.locator('iframe')).toHaveCount(0)
    })
  })
}

test('a scope above the script takes a header', async ({ app }) => {
  await app.evaluate(() => {
    window.configure({ serviceWorker: { url: '/assets/sw.js', scope: '/' } })
  })
  const headers: Record<string, string> = {}
  await app.route('**/assets/sw.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', headers, body: 'onfetch = null' }),
  )
  expect(Object.keys(await faults(app))).toContain('service-worker-scope')
  headers['Service-Worker-Allowed'] = '/'
  headers['Content-Type'] = 'text/javascript'
  expect(Object.keys(await faults(app))).not.toContain('service-worker-scope')
})

test('a service worker of another origin is none', async ({ app }) => {
  await app.evaluate(() => window.configure({ serviceWorker: 'http://localhost:1/holdall-sw.js' }))
  expect(await faults(app)).toMatchObject({
    'service-worker-file': saying(/^problem: .*not of the page's own origin/),
  })
})

test('a Web Worker that is not where it should be is missed', async ({ app }) => {
  await app.evaluate(() => window.configure({ worker: '/none.js' }))
  expect(await faults(app)).toEqual({
    'web-worker': saying(/^problem: .*could not be loaded/),
  })
})

test('a page that is not secure is told what it lacks', async ({ insecureApp }) => {
  const found = await faults(insecureApp)
  expect(found.sink).toBe('memory')
  expect(Object.keys(found).toSorted()).toEqual([
    ...['origin-private', 'save-picker', 'secure-context', 'service-worker-support'],
    ...['sink', 'storage'],
  ])
})

test('a profile that keeps nothing of a site is known', async ({ appWithoutStorage }) => {
  expect(await faults(appWithoutStorage)).toEqual({
    sink: 'save-picker',
    storage: saying(/^problem: /),
    'service-worker-start': saying(/^problem: /),
    'origin-private': saying(/^hint: /),
  })
})
