/** What is said of a service worker that does not answer. */

import { afterEach, expect, it, vi } from 'vitest'
import { noAnswer } from '../../src/sinks/download-errors.ts'

afterEach(() => void vi.unstubAllGlobals())

it.each([
  ['alone, what it lacks', null, /must import holdall\/service-worker/],
  ['while another waits for its place, how that one gets it', {}, /newer version.*skipWaiting/],
])('%s', async (_, waiting, said) => {
  const worker = {}
  const registrations = [
    { active: {}, waiting: {} }, // of another scope
    { active: worker, waiting },
  ]
  vi.stubGlobal('location', { href: 'https://app.test/' })
  vi.stubGlobal('navigator', {
    serviceWorker: { getRegistrations: async () => registrations },
  })
  const error = await noAnswer(worker as ServiceWorker)
  expect(error.code).toBe('service-worker-failed')
  expect(error.message).toMatch(said)
})
