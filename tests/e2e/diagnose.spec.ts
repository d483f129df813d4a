/** What diagnose() finds on pages that were made to have a fault, and on those that have none. */

import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { built } from './build-app.ts'
import { expect, type Page } from './fixtures.ts'
import type { ServerOptions } from './server.ts'
import { test } from './windows.ts'

const FAKE = '/holdall/00000000-0000-4000-8000-000000000000.zip'
const SCRIPT = '/holdall-sw.js'
const ISOLATED = { 'Cross-Origin-Embedder-Policy': 'require-corp' }

type Routes = NonNullable<ServerOptions['routes']>

function answers(path: string, status: number, type: string, body: string): Routes {
  return {
    [path]: (response) => void response.writeHead(status, { 'Content-Type': type }).end(body),
  }
}

/** The page with such headers, and nothing else of the app. */
function pageWith(headers: Record<string, string>): Routes {
  return {
    '/': (response) => {
      response.writeHead(200, { 'Content-Type': 'text/html', ...headers })
      createReadStream(join(built, 'index.html')).pipe(response)
    },
  }
}

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

/** A fault of a site, and the findings that there must be, no others. */
interface Case {
  readonly options: ServerOptions
  readonly sink?: string
  readonly found: Readonly<Record<string, RegExp>>
}

const START = { 'service-worker-start': /^problem: / }

const CASES: Record<string, Case> = {
  'nothing wrong': { options: {}, sink: 'service-worker', found: {} },
  'a strict policy': {
    options: { headers: { 'Content-Security-Policy': "default-src 'self'" } },
    sink: 'service-worker',
    found: {},
  },
  'a policy that only reports': {
    options: { headers: { 'Content-Security-Policy-Report-Only': "frame-src 'none'" } },
    sink: 'service-worker',
    found: {},
  },
  isolation: {
    options: { headers: { ...ISOLATED, 'Cross-Origin-Opener-Policy': 'same-origin' } },
    sink: 'service-worker',
    found: {},
  },
  'no file of the service worker': {
    options: { routes: answers(SCRIPT, 404, 'text/plain', 'none') },
    sink: 'save-picker',
    found: { 'service-worker-file': /^problem: .*404/, ...START },
  },
  'an index.html in its place': {
    options: { routes: answers(SCRIPT, 200, 'text/html', '<!doctype html>') },
    sink: 'save-picker',
    found: { 'service-worker-file': /^problem: .*"text\/html".*index\.html/, ...START },
  },
  'a wrong type of it': {
    options: { routes: answers(SCRIPT, 200, 'application/octet-stream', 'onfetch = null') },
    sink: 'save-picker',
    found: { 'service-worker-file': /^problem: .*octet-stream"$/, ...START },
  },
  'one that throws': {
    options: { routes: answers(SCRIPT, 200, 'text/javascript', 'throw new Error("broken")') },
    sink: 'save-picker',
    found: START,
  },
  'one that knows of no downloads': {
    options: { routes: answers(SCRIPT, 200, 'text/javascript', 'onfetch = () => undefined') },
    sink: 'save-picker',
    found: { 'service-worker-start': /^problem: .*knows of no downloads/ },
  },
  'a fallback for single-page apps': {
    options: { routes: answers(FAKE, 200, 'text/html', '<!doctype html>') },
    sink: 'service-worker',
    found: { 'download-urls': /^problem: .*200 \(text\/html\)/ },
  },
  'a policy that forbids frames': {
    options: { headers: { 'Content-Security-Policy': "default-src 'self'; frame-src 'none'" } },
    sink: 'service-worker',
    found: {
      frames: /^hint: .*forbids it by frame-src \("default-src 'self'; frame-src 'none'"\)/,
    },
  },
  'a policy that forbids workers': {
    options: { headers: { 'Content-Security-Policy': "worker-src 'none'" } },
    found: {
      'web-worker': /^problem: .*forbids it by worker-src/,
      'service-worker-start': /^problem: .*forbids it by worker-src/,
    },
  },
  'a policy that forbids to connect': {
    options: { headers: { 'Content-Security-Policy': "connect-src 'none'" } },
    sink: 'service-worker',
    found: {
      'worker-fetch': /^problem: .*holdall-sw\.js/,
      'service-worker-file': /^hint: .*forbids it by connect-src/,
      'download-urls': /^hint: .*forbids it by connect-src/,
    },
  },
  'isolation of the page alone': {
    options: { routes: pageWith({ ...ISOLATED, 'Cross-Origin-Opener-Policy': 'same-origin' }) },
    found: {
      'web-worker': /^problem: /,
      'cross-origin-isolation': /^problem: .*require-corp/,
    },
  },
  'isolation that is not whole': {
    options: { headers: ISOLATED },
    sink: 'service-worker',
    found: { 'cross-origin-isolation': /^hint: .*not cross-origin isolated/ },
  },
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
