/** What is known of a download while it runs, and when it is over. */

import { expect, it, vi } from 'vitest'
import type { Fallback } from '../../src/client/options.ts'
import type { WidgetJob } from '../../src/widget/jobs.ts'
import { Run } from '../../src/widget/run.ts'

it.each<[Fallback['sink'][], boolean]>([
  [[], false],
  [['service-worker'], true],
  [['service-worker', 'save-picker'], true],
  [['save-picker'], false],
  [['file-system'], false],
  [['file-system', 'service-worker'], true],
])('says that its page saves it where the service worker is passed over: %j', async (sinks, is) => {
  const job = Object.assign(new EventTarget(), { download: () => new Promise(() => undefined) })
  const passedOver = vi.fn<(fallback: Fallback) => void>()
  const run = new Run(Promise.resolve(job as unknown as WidgetJob), {
    changed: () => undefined,
    progressed: () => undefined,
    passedOver,
  })
  await vi.waitFor(() => expect(run.job).toBe(job))
  for (const sink of sinks) {
    const warning: Fallback = { sink, code: 'sink-failed', message: 'It may not be written' }
    job.dispatchEvent(Object.assign(new Event('warning'), { warning }))
  }
  expect(passedOver).toHaveBeenCalledTimes(sinks.length)
  expect(run.facts.byPage).toBe(is)
})
