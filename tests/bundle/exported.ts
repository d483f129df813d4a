/** An app, and what its bundle comes to. */

import { expect, vi } from 'vitest'
import type { BundleDescription } from '../../src/bundle/description.ts'
import { bundleFiles } from '../../src/bundle/export.ts'
import type { BundleOptions } from '../../src/bundle/options.ts'
import type { BundleWarning, DataFile, FileInput } from '../../src/manifest/types.ts'
import { parseFiles } from '../../src/manifest/parse.ts'
import { surveyCache } from '../../src/sources/cache-storage.ts'
import { digestsOf } from '../../src/sources/digest.ts'
import { planArchive } from '../../src/zip/plan.ts'
import { stubCaches, type Kept } from './cache-storage.ts'

export const HTML = { 'Content-Type': 'text/html; charset=utf-8' }
export const CSS = { 'Content-Type': 'text/css' }
/** The URL of a path of the app. */
export const at = (path: string): string => `https://app.example${path}`
/** URLs that were fetched since the site was opened. */
export const requested: string[] = []

/** What a server has, beside texts of all names but some. */
const SITE: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/page': [
    'text/html',
    '<link rel=stylesheet href=/s.css><link rel=next href=/next><img src=/none.png srcset="/2.png 2x"><a href=/other>a</a><img src=https://cdn.example/x.png>',
  ],
  '/s.css': ['text/css', '@import "t.css"; a{b:url(/i.svg)}'],
  '/t.css': ['text/css', '@import "s.css"; a{b:url(none.png)}'],
}

/** A page of the app, with its server, until globals are put back. */
export function openSite(): void {
  requested.length = 0
  vi.stubGlobal('location', new URL(at('/')))
  vi.stubGlobal('navigator', { onLine: true })
  vi.stubGlobal('fetch', async ({ url }: Request) => {
    requested.push(url)
    const site = SITE[url.replace(at(''), '')]
    if (site) return new Response(site[1], { headers: { 'Content-Type': site[0] } })
    const found = /none/.test(url) ? undefined : `fetched ${url}`
    return new Response(found, {
      status: found ? 200 : 404,
      headers: { 'Content-Type': 'text/plain' },
    })
  })
}

export interface Exported {
  readonly files: readonly FileInput[]
  readonly names: readonly string[]
  readonly description: BundleDescription
  readonly warnings: readonly BundleWarning[]
  text(name: string): Promise<string>
}

/** The export of an app that has `kept` in its caches. */
export async function exported(
  kept: Readonly<Record<string, readonly Kept[]>>,
  options: BundleOptions = {},
  baseURL = at('/'),
): Promise<Exported> {
  stubCaches(kept)
  const { signal } = new AbortController()
  const warnings: BundleWarning[] = []
  const files = await bundleFiles(options, {
    baseURL,
    signal,
    warn: (warning) => warnings.push(warning),
    digester: {
      survey: (name) => surveyCache(name, signal),
      digest: (blob) => digestsOf(blob.stream(), signal),
    },
  })
  const plan = planArchive((await parseFiles(files)).map(({ source: _, ...file }) => file))
  expect(plan.length).toBeGreaterThan(0) // it is known
  expect(plan.warnings).toEqual([])
  const text = async (name: string): Promise<string> => {
    const file = files.find((candidate) => (candidate as DataFile).name === name)!
    const { data } = file as DataFile
    return typeof data === 'string' ? data : (data as Blob).text()
  }
  const names = plan.entries.map((entry) => entry.name)
  return {
    files,
    names,
    warnings,
    text,
    description: JSON.parse(await text('holdall-bundle.json')) as BundleDescription,
  }
}
