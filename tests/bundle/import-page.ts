/** As much of a page as an import needs, with an app that has cached something. */

import { vi } from 'vitest'
import { Locks } from '../sw/scope.ts'
import { FakeCaches } from './import-caches.ts'
import { HERE } from './made-bundle.ts'

export interface Browser {
  readonly caches: FakeCaches
  readonly locks: Locks
}

/** A page at `origin`, the caches of its app as a first visit has left them. */
export async function openPage(origin: string = HERE): Promise<Browser> {
  const caches = new FakeCaches()
  const locks = new Locks()
  vi.stubGlobal('caches', caches)
  vi.stubGlobal('navigator', { locks })
  vi.stubGlobal('location', { origin })
  const api = await caches.open('api')
  const german = { headers: { 'Accept-Language': 'de' } }
  const varied = { headers: { Vary: 'Accept-Language' } }
  await api.put(new Request(`${HERE}/api/list`, german), new Response('["alt"]', varied))
  await api.put(`${HERE}/api/other`, new Response('other'))
  const theirs = await caches.open('somebody else')
  await theirs.put(`${HERE}/photo.jpg`, new Response('theirs'))
  return { caches, locks }
}
