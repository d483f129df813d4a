/** What is said of a service worker that does not answer. */

import { afterEach, expect, it, vi } from 'vitest'
import { noAnswer } from '../../src/sinks/download-errors.ts'

afterEach(() => void vi.unstubAllGlobals())

const NEWER = /newer version.*skipWaiting/

it.each([
  ['alone, what it lacks', {}, /must import holdall\/service-worker/],
  ['while another waits for its place, how that one gets it', { waiting: {} }, NEWER],
  ['while another is being installed, the same', { installing: {} }, NEWER],
])('%s', async (_, others, said) => {
  const worker = {}
  const registrations = [
    { active: {}, waiting: {}, installing: null }, // of another scope
    { active: worker, waiting: null, installing: null, ...others },
  ]
  vi.stubGlobal('location', { href: 'https://app.test/' })
  vi.stubGlobal('navigator', {
    serviceWorker: { getRegistrations: async () => registrations },
  })
  const error = await noAnswer(worker as ServiceWorker)
  expect(error.code).toBe('service-worker-failed')
  expect(error.message).toMatch(said)
})
