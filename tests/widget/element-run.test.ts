/** The element around a download: what it asks for before it, where the focus is, and what it tells. */

import { beforeEach, describe, expect, it, vi } from 'vitest'
import { click, connect, disconnect, settled, type FakeElement } from './page.ts'
import { made, part, shown, TestElement, type FakeJob } from './test-element.ts'
import { HoldallError } from '../../src/errors.ts'
import type { Files } from '../../src/widget/files.ts'

beforeEach(() => void (made.length = 0))

describe('an element whose files are in a manifest', () => {
  it('reads its manifest once, however many attributes ask for it', async () => {
    const read = vi.fn<(url: string) => Promise<Response>>(async () =>
      Response.json({ files: [{ url: '/a.jpg' }] }),
    )
    vi.stubGlobal('fetch', read)
    const element = new TestElement()
    Object.assign(element, { isConnected: true }) // as one of the page's that is defined later
    element.selectable = true
    element.manifest = '/album.json'
    connect(element)
    await settled()
    vi.unstubAllGlobals()
    expect(read).toHaveBeenCalledExactlyOnceWith('https://app.test/album.json')
    expect(element.state).toBe('idle')
  })

  it.each([
    ['the page', {}, 'https://app.test/album/list.json'],
    ['its options', { baseURL: 'https://cdn.test/1/' }, 'https://cdn.test/album/list.json'],
  ])('lists them for one that is relative to %s', async (_, options, url) => {
    const answer = async (asked: string): Promise<Response> =>
      Object.defineProperty(
        Response.json({ files: [{ url: 'a.jpg' }, { url: '/b.jpg' }] }),
        'url',
        {
          value: asked,
        },
      )
    vi.stubGlobal('fetch', answer)
    const element = new TestElement()
    element.selectable = true
    element.files = '/album/list.json'
    element.options = options
    connect(element)
    await settled()
    vi.unstubAllGlobals()
    element.start()
    await settled()
    expect(made.at(-1)!.files).toMatchObject([
      { url: new URL('a.jpg', url).href },
      { url: new URL('/b.jpg', url).href },
    ])
  })
})

describe('an element whose files cannot be had', () => {
  async function* failing(): AsyncGenerator<string> {
    yield '/a.jpg'
    throw new Error('The list has failed')
  }

  it.each<[string, unknown, object]>([
    ['fails', failing(), { code: 'invalid-option', cause: { message: 'The list has failed' } }],
    ['is no list', Promise.resolve(['/a.jpg']), { code: 'invalid-option' }],
  ])('tells why when it is clicked: it %s', async (_, files, why) => {
    const element = await shown(files as Files)
    const heard: Error[] = []
    element.addEventListener('holdall-error', ({ detail }) => heard.push(detail.error))
    const started: Files[] = []
    element.addEventListener('holdall-start', ({ detail }) => started.push(detail.files))
    for (let times = 1; times < 3; times++) {
      expect(part(element, 'button').disabled).toBe(false)
      element.start()
      await settled()
      expect(element.state).toBe('failed')
      expect(heard).toHaveLength(times)
      expect(heard.at(-1)).toMatchObject(why)
    }
    expect(started).toEqual([[], []])
    disconnect(element)
    element.start()
    connect(element)
    await settled()
    expect(heard).toHaveLength(3)
    expect(made).toEqual([])
    element.files = ['/b.jpg']
    await settled()
    element.start()
    await settled()
    expect(made.at(-1)!.files).toEqual(['/b.jpg'])
  })

  it('has a job tell what is wrong with the URL of a manifest', async () => {
    const element = new TestElement()
    element.manifest = 'https://'
    connect(element)
    await settled()
    element.start()
    await settled()
    expect(made.at(-1)!.files).toBe('https://')
  })
})

describe('an element that is rendered anew', () => {
  it('shows what it did, if it is given the same once more', async () => {
    const data = new Blob(['a'])
    const render = (): void => {
      element.files = [{ url: '/a.jpg' }, { name: 'a.txt', data }, { name: 'b/', directory: true }]
      element.options = { sinks: ['memory'] }
    }
    const element = new TestElement()
    render()
    connect(element)
    await settled()
    element.start()
    await settled()
    made.at(-1)!.settle.done()
    await settled()
    render()
    await settled()
    expect(element.state).toBe('done')
    element.files = [{ url: '/b.jpg' }]
    expect(element.state).toBe('idle')
  })
})

describe('an element that is clicked twice', () => {
  it('goes by the first click, not what has come under the pointer since', async () => {
    const element = await shown(['/a.jpg'])
    click(part(element, 'button'))
    click(part(element, 'cancel'), 2)
    await settled()
    expect(made.map(({ cancelled }) => cancelled)).toEqual([false])
    click(part(element, 'cancel'))
    expect(made[0]!.cancelled).toBe(true)
    made[0]!.settle.failed(new HoldallError('cancelled', 'No', { by: 'page' }))
    await settled()
    click(part(element, 'button'), 2)
    expect(element.state).toBe('cancelled')
    click(part(element, 'button'), 0)
    expect(element.state).toBe('planning')
  })
})

describe('an element whose download ends', () => {
  const ends = ['holdall-done', 'holdall-error', 'holdall-cancel'] as const

  it.each<[string, (job: FakeJob) => void]>([
    ['holdall-done', (job) => job.settle.done()],
    ['holdall-error', (job) => job.settle.failed(new Error('It has failed'))],
    [
      'holdall-cancel',
      (job) => job.settle.failed(new HoldallError('cancelled', 'No', { by: 'page' })),
    ],
  ])('tells so once, when it is put back if it was out of the page: %s', async (type, end) => {
    const element = await shown(['/a.jpg'])
    element.start()
    await settled()
    const heard: string[] = []
    for (const name of ends) element.addEventListener(name, () => heard.push(name))
    disconnect(element)
    end(made[0]!)
    await settled()
    disconnect(element)
    await settled()
    expect(heard).toEqual([])
    connect(element)
    expect(heard, 'those around it do not listen yet').toEqual([])
    await settled()
    expect(heard).toEqual([type])
    disconnect(element)
    connect(element)
    await settled()
    expect(heard).toEqual([type])
  })

  it('tells nothing once more when it is moved', async () => {
    const element = await shown(['/a.jpg'])
    const done = vi.fn<() => void>()
    element.addEventListener('holdall-done', done)
    element.start()
    await settled()
    made[0]!.settle.done()
    await settled()
    disconnect(element)
    connect(element)
    await settled()
    expect(done).toHaveBeenCalledOnce()
  })

  it('takes the focus from the button that goes, and leaves the page where it is', async () => {
    const element = await shown(['/a.jpg'])
    click(part(element, 'button'))
    await settled()
    const panel = part(element, 'panel')
    const focus = vi.spyOn(panel, 'focus')
    part(element, 'cancel').focus()
    made[0]!.settle.done()
    await settled()
    expect(focus).toHaveBeenCalledExactlyOnceWith({ preventScroll: true })
    expect((element as unknown as FakeElement).shadow!.activeElement).toBe(panel)
  })
})
