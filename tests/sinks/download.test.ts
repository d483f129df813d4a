import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { download } from '../../src/sinks/download.ts'
import { KnownWorker } from './known-worker.ts'
import { stubPage } from './stub-page.ts'

let ending: AbortController

beforeEach(() => {
  ending = new AbortController()
  stubPage()
})
afterEach(() => {
  ending.abort(new Error('the test is over'))
  vi.unstubAllGlobals()
})

/** A download through `worker`, whose end is told. */
function begin(worker: KnownWorker, successor: () => Promise<KnownWorker>): Promise<unknown> {
  return download(worker as unknown as ServiceWorker, {
    name: 'a.zip',
    successor: successor as unknown as () => Promise<ServiceWorker>,
    arm: () => undefined,
    open: () => new Promise(() => undefined),
    changed: () => undefined,
    onPause: () => undefined,
    refreshUrl: () => Promise.resolve(undefined),
    signal: ending.signal,
  }).catch((error: unknown) => error)
}

const URL_OF_ARCHIVE = 'https://app.test/holdall/archive.zip'
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))

it('tells the successor of a service worker that is replaced before it has answered', async () => {
  const [first, second] = [new KnownWorker(), new KnownWorker()]
  void begin(first, async () => second)
  await vi.waitFor(() => expect(first.told).toHaveLength(1))
  expect(second.told).toEqual([])
  first.replace()
  await vi.waitFor(() => expect(second.told).toHaveLength(1))
  expect(second.told[0]).toMatchObject({ type: 'holdall:register', name: 'a.zip' })
})

it('is told nothing where it was replaced before, as older Firefoxes throw then', async () => {
  const [first, second] = [new KnownWorker(), new KnownWorker()]
  first.replace()
  void begin(first, async () => second)
  await vi.waitFor(() => expect(second.told).toHaveLength(1))
  expect(first.told).toEqual([])
})

it('needs none when the one that is replaced has answered', async () => {
  const [first, second] = [new KnownWorker(), new KnownWorker()]
  void begin(first, async () => second)
  await vi.waitFor(() => expect(first.told).toHaveLength(1))
  first.control!.postMessage({ type: 'registered', url: URL_OF_ARCHIVE })
  await settled()
  first.replace()
  await settled()
  expect(second.told).toEqual([])
})

it.each([
  ['is there', (one: KnownWorker) => Promise.resolve(one)],
  ['is not to be had', () => Promise.reject(new Error('there is none'))],
])('goes on with one that answers while its successor %s', async (_, found) => {
  const [first, second] = [new KnownWorker(), new KnownWorker()]
  let find: () => void = () => undefined
  const asked = new Promise<void>((resolve) => (find = resolve))
  let end: unknown
  void begin(first, () => asked.then(() => found(second))).then((how) => (end = how))
  await vi.waitFor(() => expect(first.told).toHaveLength(1))
  first.replace()
  first.control!.postMessage({ type: 'registered', url: URL_OF_ARCHIVE })
  await settled()
  find()
  await settled()
  expect(second.told).toEqual([])
  expect(end).toBeUndefined()
})
