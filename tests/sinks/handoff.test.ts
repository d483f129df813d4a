/** How a browser is brought to ask for an archive, and what becomes of a frame that does not. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { HoldallError } from '../../src/errors.ts'
import type * as Guard from '../../src/sinks/guard-page.ts'
import type * as Handoff from '../../src/sinks/handoff.ts'

const URL_OF = (id: string): string => `https://app.test/holdall/${id}.zip`

class Frame extends EventTarget {
  contentDocument: { URL: string } | null = { URL: 'about:blank' }
  removed = false
  remove(): void {
    this.removed = true
  }
}

let visited: string[]
let handOver: typeof Handoff.handOver
let guardPage: typeof Guard.guardPage
const page = new EventTarget()

beforeEach(async () => {
  visited = []
  vi.useFakeTimers()
  vi.resetModules()
  vi.stubGlobal('document', page)
  vi.stubGlobal('location', { assign: (url: string) => void visited.push(url) })
  const listen = page.addEventListener.bind(page)
  vi.stubGlobal('addEventListener', listen)
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  ;({ guardPage } = await import('../../src/sinks/guard-page.ts'))
  ;({ handOver } = await import('../../src/sinks/handoff.ts'))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** An archive that the service worker is asked for when `ask` is called. */
function archive(
  id: string,
  signal = new AbortController().signal,
): { frame: Frame; ask: () => void; over: Promise<unknown> } {
  const frame = new Frame()
  let ask: () => void = () => undefined
  const opened = new Promise<void>((resolve) => (ask = resolve))
  const asked = (within: number): Promise<void> =>
    Promise.race([
      opened,
      new Promise<never>((_, reject) => {
        const late = (): void =>
          reject(new HoldallError('handoff-failed', 'not asked', { url: URL_OF(id) }))
        setTimeout(late, within)
      }),
    ])
  const over = handOver(frame as unknown as HTMLIFrameElement, URL_OF(id), asked, signal).catch(
    (error: unknown) => error,
  )
  return { frame, ask, over }
}

function violation(url: string, disposition = 'enforce'): Event {
  return Object.assign(new Event('securitypolicyviolation'), { disposition, blockedURI: url })
}

it('waits for a frame that is slow, and takes it away for nothing', async () => {
  const { frame, ask, over } = archive('a')
  page.dispatchEvent(violation(URL_OF('a'), 'report'))
  page.dispatchEvent(violation('https://other.test/x'))
  frame.dispatchEvent(new Event('load')) // of the empty document
  await vi.advanceTimersByTimeAsync(9000)
  expect([frame.removed, visited]).toEqual([false, []])
  ask()
  expect(await over).toBeUndefined()
  expect([frame.removed, visited]).toEqual([false, []])
})

it('navigates at once where a policy forbids frames, and after ten seconds where nothing tells', async () => {
  const { frame, ask, over } = archive('a')
  page.dispatchEvent(violation(URL_OF('a')))
  await vi.advanceTimersByTimeAsync(0)
  expect([frame.removed, visited]).toEqual([true, [URL_OF('a')]])
  ask()
  expect(await over).toBeUndefined()
  const silent = archive('b')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(visited).toEqual([URL_OF('a'), URL_OF('b')])
  await vi.advanceTimersByTimeAsync(8000)
  expect(await silent.over).toMatchObject({ code: 'handoff-failed' })
})

it('has navigations take turns, as the next would end the one before', async () => {
  const first = archive('a')
  const second = archive('b')
  for (const id of ['a', 'b']) page.dispatchEvent(violation(URL_OF(id)))
  await vi.advanceTimersByTimeAsync(3000)
  expect(visited).toEqual([URL_OF('a')])
  first.ask()
  await vi.advanceTimersByTimeAsync(900)
  expect(visited).toEqual([URL_OF('a')])
  await vi.advanceTimersByTimeAsync(100)
  expect(visited).toEqual([URL_OF('a'), URL_OF('b')])
  second.ask()
  expect(await second.over).toBeUndefined()
})

it('has nobody asked about a navigation of its own, while the page is guarded', async () => {
  /** Whether the browser would ask its user. */
  const asks = (): boolean => !page.dispatchEvent(new Event('beforeunload', { cancelable: true }))
  const unguard = guardPage({ needsPage: false })
  expect(asks()).toBe(true)
  const { ask, over } = archive('a')
  page.dispatchEvent(violation(URL_OF('a')))
  await vi.advanceTimersByTimeAsync(0)
  expect([visited, asks()]).toEqual([[URL_OF('a')], false])
  expect(asks(), 'the user leaves meanwhile').toBe(true)
  ask()
  await over
  expect(asks()).toBe(true)
  unguard()
  expect(asks()).toBe(false)
})

it('navigates nowhere for a job that is cancelled before its turn, which ends at once', async () => {
  archive('a')
  const ending = new AbortController()
  const cancelled = archive('b', ending.signal)
  for (const id of ['a', 'b']) page.dispatchEvent(violation(URL_OF(id)))
  await vi.advanceTimersByTimeAsync(1000)
  const reason = new Error('cancelled')
  ending.abort(reason)
  expect(await cancelled.over).toBe(reason)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(visited).toEqual([URL_OF('a')])
})

it("fails at once where the server's own page is in the frame, and leaves this page", async () => {
  const { frame, over } = archive('a')
  frame.contentDocument = { URL: URL_OF('a') }
  frame.dispatchEvent(new Event('load'))
  await vi.advanceTimersByTimeAsync(0)
  expect(await over).toMatchObject({ code: 'handoff-failed' })
  expect(visited).toEqual([])
})
