import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type * as Library from '../../src/index.ts'
import { inAPage, leavePage } from './worker.ts'

beforeEach(() => {
  inAPage()
  vi.resetModules() // a page listens once
})
afterEach(leavePage)

/** `navigator.serviceWorker`, and what was answered to it. */
class Container extends EventTarget {
  readonly answers: unknown[] = []

  ping(): void {
    const source = { postMessage: (answer: unknown) => this.answers.push(answer) }
    const event = new MessageEvent('message', { data: { type: 'holdall:ping' } })
    this.dispatchEvent(Object.defineProperty(event, 'source', { value: source }))
  }
}

describe('a page', () => {
  it.each<[string, (library: typeof Library) => unknown]>([
    ['begins a job', ({ zip }) => zip([])],
    ['looks for what was interrupted', ({ unfinished }) => unfinished()],
    ['is configured', ({ configure }) => configure({})],
    [
      'has an element that looks for what was interrupted',
      () =>
        import('../../src/widget/interrupted.ts').then(({ interruptedJob }) => interruptedJob([])),
    ],
  ])('that %s keeps the service worker alive', async (_, use) => {
    const serviceWorker = new Container()
    vi.stubGlobal('navigator', { serviceWorker })
    vi.stubGlobal('document', { baseURI: 'https://app.test/' })
    const library = await import('../../src/index.ts')
    serviceWorker.ping()
    expect(serviceWorker.answers, 'nothing is done when it is imported').toEqual([])
    await use(library)
    await use(library)
    serviceWorker.ping()
    expect(serviceWorker.answers).toEqual([{ type: 'holdall:alive' }])
  })

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
