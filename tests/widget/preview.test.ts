/** What is found out before the click: in turn, with few workers, and never for nothing. */

import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { WidgetJob } from '../../src/widget/jobs.ts'
import { Preview } from '../../src/widget/preview.ts'
import type { PlanSummary } from '../../src/worker/protocol.ts'

const plan: PlanSummary = { entries: 1, length: 9, warnings: [], fingerprint: '', resumable: true }

/** A job of the tests. */
interface Made extends WidgetJob {
  readonly settle: (plan?: PlanSummary) => void
  readonly cancelled: boolean
}

let made: Made[] = []
beforeEach(() => {
  made = []
})

async function makeJob(): Promise<WidgetJob> {
  let settle!: Made['settle']
  const planned = new Promise<PlanSummary>((resolve, reject) => {
    settle = (result) => (result ? resolve(result) : reject(new Error('no plan')))
  })
  const job = {
    cancelled: false,
    settle,
    plan: () => planned,
    cancel: () => (job.cancelled = true),
  }
  made.push(job as unknown as Made)
  return job as unknown as WidgetJob
}

/** Lets everything happen that can. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

describe('Preview', () => {
  it('tells the plan, and gives its job once', async () => {
    const changed = vi.fn<() => void>()
    const preview = new Preview(makeJob, changed)
    preview.ask(['/a'], {})
    await settled()
    expect(preview.plan).toBeUndefined()
    made[0]!.settle(plan)
    await settled()
    expect(preview.plan).toBe(plan)
    expect(changed).toHaveBeenCalledOnce()
    expect(preview.take()).toBe(made[0])
    expect(preview.take()).toBeUndefined()
    expect(preview.plan).toBe(plan)
    expect(made[0]!.cancelled).toBe(false)
  })

  it('plans one at a time', async () => {
    const [first, second] = [new Preview(makeJob, vi.fn()), new Preview(makeJob, vi.fn())]
    first.ask(['/a'], {})
    second.ask(['/b'], {})
    await settled()
    expect(made).toHaveLength(1)
    made[0]!.settle(plan)
    await settled()
    expect(made).toHaveLength(2)
    made[1]!.settle(plan)
    await settled()
    first.drop()
    second.drop()
    expect(made.map(({ cancelled }) => cancelled)).toEqual([true, true])
  })

  it('keeps the jobs of the last four, and the plans of all', async () => {
    const previews = Array.from({ length: 6 }, () => new Preview(makeJob, vi.fn()))
    for (const [index, preview] of previews.entries()) {
      preview.ask(['/a'], {})
      await settled()
      made[index]!.settle(plan)
      await settled()
    }
    expect(made.map(({ cancelled }) => cancelled)).toEqual([true, true, false, false, false, false])
    expect(previews.map((preview) => preview.plan)).toEqual(previews.map(() => plan))
    for (const preview of previews) preview.drop()
    expect(made.every(({ cancelled }) => cancelled)).toBe(true)
  })

  it('forgets what it was asked before, and makes no job of it', async () => {
    const changed = vi.fn<() => void>()
    const preview = new Preview(makeJob, changed)
    preview.ask(['/a'], {})
    preview.ask(['/b'], {})
    await settled()
    expect(made).toHaveLength(1)
    preview.stop()
    made[0]!.settle(plan)
    await settled()
    expect(made[0]!.cancelled).toBe(true)
    expect(changed).not.toHaveBeenCalled()
  })

  it('gives no job that has failed: who clicks tries anew', async () => {
    const preview = new Preview(makeJob, vi.fn())
    preview.ask(['/a'], {})
    await settled()
    made[0]!.settle()
    await settled()
    expect(preview.plan).toBeUndefined()
    expect(preview.take()).toBeUndefined()
    expect(made[0]!.cancelled).toBe(true)
  })

  it('gives no job whose sizes are old', async () => {
    const preview = new Preview(makeJob, vi.fn())
    preview.ask(['/a'], {})
    await settled()
    made[0]!.settle(plan)
    await settled()
    const later = performance.now() + 6 * 60_000
    vi.spyOn(performance, 'now').mockReturnValue(later)
    expect(preview.take()).toBeUndefined()
    expect(made[0]!.cancelled).toBe(true)
    vi.restoreAllMocks()
  })
})
