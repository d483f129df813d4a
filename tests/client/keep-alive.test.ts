import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { inAPage, leavePage } from './worker.ts'

beforeEach(() => {
  inAPage()
  vi.resetModules() // a page listens once
})
afterEach(leavePage)

/** `navigator.serviceWorker`, and what was answered to it. */
class Container extends EventTarget {
  readonly answers: unknown[] = []
  startMessages(): void {}

  ping(): void {
    const source = { postMessage: (answer: unknown) => this.answers.push(answer) }
    const event = new MessageEvent('message', { data: { type: 'holdall:ping' } })
    this.dispatchEvent(Object.defineProperty(event, 'source', { value: source }))
  }
}

describe('a page', () => {
  it.each(['begins', 'goes on with'])(
    'that %s a job keeps the service worker alive',
    async (how) => {
      const serviceWorker = new Container()
      vi.stubGlobal('navigator', { serviceWorker })
      const { ZipJob } = await import('../../src/client/job.ts')
      serviceWorker.ping()
      expect(serviceWorker.answers).toEqual([])
      const stored = how === 'begins' ? undefined : { id: 'an id', allowed: Promise.resolve() }
      expect([new ZipJob([], {}, stored), new ZipJob([], {}, stored)]).toHaveLength(2)
      serviceWorker.ping()
      expect(serviceWorker.answers).toEqual([{ type: 'holdall:alive' }])
    },
  )

  it('in a sandbox that may not even ask for a service worker makes jobs', async () => {
    vi.stubGlobal('navigator', {
      get serviceWorker(): never {
        throw new DOMException('the document is sandboxed', 'SecurityError')
      },
    })
    const { ZipJob } = await import('../../src/client/job.ts')
    expect(new ZipJob([], {}).state).toBe('idle')
  })
})
