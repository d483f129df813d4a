/** Sites that were made to have a fault, and what `diagnose()` is to find. */

import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { built } from './build-app.ts'
import type { ServerOptions } from './server.ts'

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

/** A fault of a site, and the findings that there must be, no others. */
export interface Case {
  readonly options: ServerOptions
  readonly sink?: string
  /** What there must be in a page for it to be a fault. */
  readonly needs?: string
  readonly found: Readonly<Record<string, RegExp>>
}

const START = { 'service-worker-start': /^problem: / }

export const CASES: Readonly<Record<string, Case>> = {
  'nothing wrong': { options: {}, sink: 'service-worker', found: {} },
  'a strict policy': {
    options: { headers: { 'Content-Security-Policy': "default-src 'self'" } },
    sink: 'service-worker',
    found: {},
  },
  'Trusted Types': {
    needs: 'trustedTypes',
    options: { headers: { 'Content-Security-Policy': "require-trusted-types-for 'script'" } },
    found: {
      'web-worker': /^problem: .*require-trusted-types-for/,
      'service-worker-start': /^problem: .*require-trusted-types-for/,
    },
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
