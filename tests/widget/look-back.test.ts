/** The element beside what was interrupted of some of its files: what is offered, and what begins. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { click, connect, disconnect, settled, type FakeElement } from './page.ts'
import { FakeJob, made, part, TestElement } from './test-element.ts'
import type { Unfinished } from '../../src/client/unfinished.ts'
import type { StoredJob } from '../../src/engine/stored-job.ts'
import { HoldallError } from '../../src/errors.ts'
import type { Files } from '../../src/widget/files.ts'

const FILES = ['/a.jpg', '/b.jpg', '/c.jpg']
const sources = ['/a.jpg', '/b.jpg'].map((path) => ({
  source: { type: 'url', url: `https://app.test${path}` },
}))

/** Those that went on, and how often what is stored was discarded. */
const resumed: FakeJob[] = []
let discarded: number

vi.mock('../../src/client/unfinished.ts', () => ({
  listUnfinished: async (_: unknown, wanted: (job: StoredJob) => boolean) =>
    wanted({ id: '1', files: sources } as unknown as StoredJob) ? [unfinished] : [],
}))

const unfinished = {
  id: '1',
  name: 'a.zip',
  created: new Date(0),
  bytes: 0,
  resume: () => {
    const job = new FakeJob(undefined, {})
    resumed.push(job)
    return job as unknown
  },
  discard: async () => void discarded++,
} as Unfinished

/** The files that each start was told of. */
const started: Files[] = []
let element: TestElement

beforeEach(async () => {
  for (const list of [made, resumed, started]) list.length = 0
  discarded = 0
  element = new TestElement()
  element.selectable = true
  element.files = FILES
  element.addEventListener('holdall-start', ({ detail }) => started.push(detail.files))
  connect(element)
  await settled()
  part(element, 'selection').open = true
  part(element, 'selection').dispatchEvent(new Event('toggle'))
})

afterEach(() => disconnect(element))

/** Ticks the box of all files, or that of one. */
function tick(index: number | 'all', checked: boolean): void {
  const [fieldset] = part(element, 'selection').children.slice(-1) as [FakeElement]
  const [all, list] = fieldset.children as [FakeElement, FakeElement]
  const label = index === 'all' ? all : list.children[index]!.children[0]!
  const change = new Event('change')
  Object.defineProperty(change, 'target', { value: label.children[0] })
  Object.assign(label.children[0]!, { checked })
  fieldset.dispatchEvent(change)
}

const detail = (): string =>
  part(element, 'panel').children[1]!.children[1]!.children[0]!.textContent

async function fail(job: FakeJob, error: Error): Promise<void> {
  job.settle.failed(error)
  await settled()
  expect(element.state).toBe('failed')
}

it('offers nothing while nothing is chosen', async () => {
  expect(part(element, 'interrupted').hidden).toBe(false)
  tick('all', false)
  expect(part(element, 'interrupted').hidden).toBe(true)
  tick(2, true)
  expect(part(element, 'interrupted').hidden).toBe(false)
})

it('tells which files are gone on with, and how many', async () => {
  tick(0, false)
  click(part(element, 'interrupted'))
  await settled()
  expect(resumed).toHaveLength(1)
  expect(started).toEqual([['/a.jpg', '/b.jpg']])
  expect(detail()).toBe('2 of 3 files')
})

it('tells those that are chosen where these begin', async () => {
  tick(0, false)
  element.start()
  await settled()
  expect(made.at(-1)!.files).toEqual(['/b.jpg', '/c.jpg'])
  expect(started).toEqual([['/b.jpg', '/c.jpg']])
})

it('tries again what has failed, not what is chosen', async () => {
  tick(0, false)
  click(part(element, 'interrupted'))
  await settled()
  const planned = made.length
  await fail(resumed[0]!, new HoldallError('source-failed', 'Gone', { entry: 'a.jpg' }))
  click(part(element, 'retry'))
  await settled()
  expect([resumed.length, made.length]).toEqual([2, planned])
  expect(started[1]).toEqual(started[0])
  expect(discarded).toBe(0)
})

it('makes the same files anew, each time, where it has failed for good', async () => {
  click(part(element, 'interrupted'))
  await settled()
  await fail(
    resumed[0]!,
    new HoldallError('source-changed', 'Other', { entry: 'a.jpg', url: '/a.jpg' }),
  )
  for (let time = 1; time < 3; time++) {
    click(part(element, 'retry'))
    await settled()
    expect(made.at(-1)!.files).toEqual(['/a.jpg', '/b.jpg'])
    await fail(made.at(-1)!, new Error('Again'))
  }
  expect([resumed.length, discarded]).toEqual([1, 1])
})

it('packs what is chosen once that has changed', async () => {
  click(part(element, 'interrupted'))
  await settled()
  await fail(resumed[0]!, new HoldallError('source-failed', 'Gone', { entry: 'a.jpg' }))
  tick(0, false)
  element.start()
  await settled()
  expect(started[1]).toEqual(['/b.jpg', '/c.jpg'])
  expect(made.at(-1)!.files).toEqual(['/b.jpg', '/c.jpg'])
})

it('packs what is chosen once the other was cancelled', async () => {
  tick(0, false)
  click(part(element, 'interrupted'))
  await settled()
  resumed[0]!.settle.failed(new HoldallError('cancelled', 'No', { by: 'page' }))
  await settled()
  click(part(element, 'button'))
  await settled()
  expect(made.at(-1)!.files).toEqual(['/b.jpg', '/c.jpg'])
})
