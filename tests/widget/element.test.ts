/** The element's own decisions: what it begins, goes on with and forgets. What is to be seen of them, a browser shows. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { click, connect, disconnect, parts, settled, type FakeElement } from './page.ts'
import { FakeJob, made, part, shown, TestElement } from './test-element.ts'
import type { ZipOptions } from '../../src/client/options.ts'
import type { StoredJob } from '../../src/engine/stored-job.ts'
import { HoldallError } from '../../src/errors.ts'
import type { Files } from '../../src/widget/files.ts'

/** Those of what was interrupted. */
let resumed: FakeJob[] = []
let stored: { readonly url: string } | undefined
const discard = vi.fn<() => Promise<void>>(async () => undefined)

vi.mock('../../src/client/unfinished.ts', () => ({
  listUnfinished: async (_: unknown, wanted: (job: StoredJob) => boolean) => {
    const job = {
      id: 'interrupted',
      files: [{ source: { type: 'url', url: stored?.url } }],
    } as unknown as StoredJob
    if (stored === undefined || !wanted(job)) return []
    const resume = (options: ZipOptions): FakeJob => {
      const again = new FakeJob(undefined, options)
      resumed.push(again)
      return again
    }
    const { id } = job
    return [{ id, name: 'a.zip', created: new Date(), bytes: 1, length: 4, resume, discard }]
  },
}))

beforeEach(() => {
  made.length = 0
  resumed = []
  stored = undefined
})
afterEach(() => void discard.mockClear())

/** The button that goes on with what was interrupted. */
const offered = (element: object): FakeElement | undefined => parts(element, 'interrupted')[0]

describe('an element that offers what was interrupted', () => {
  const failed = (code: 'source-failed' | 'source-changed'): HoldallError =>
    new HoldallError(code, 'It has failed', { entry: 'a.jpg', url: '/a.jpg' })

  beforeEach(() => {
    stored = { url: 'https://app.test/a.jpg' }
  })

  it('goes on with it, by what it is told of signatures and ends', async () => {
    const element = await shown(['/a.jpg'])
    const { signal } = new AbortController()
    const refreshUrl = (): undefined => undefined
    element.options = { signal, refreshUrl, concurrency: 2 }
    await settled()
    click(offered(element)!)
    expect(resumed).toHaveLength(1)
    expect(resumed[0]!.options).toEqual({ signal, refreshUrl })
    expect(offered(element)).toBeUndefined()
    expect(discard).not.toHaveBeenCalled()
  })

  it('keeps the focus when its button goes, and where another takes its place', async () => {
    const element = await shown(['/a.jpg'])
    const root = (element as unknown as FakeElement).shadow!
    const first = offered(element)!
    first.focus()
    element.options = { concurrency: 2 } // it looks once more
    await settled()
    expect(offered(element)).not.toBe(first)
    expect(root.activeElement).toBe(offered(element))
    click(offered(element)!)
    expect(root.activeElement).toBe(part(element, 'panel'))
  })

  it('hands the focus to the button where there is nothing of other files', async () => {
    const element = await shown(['/a.jpg'])
    offered(element)!.focus()
    stored = undefined
    element.files = ['/b.jpg']
    await settled()
    expect(offered(element)).toBeUndefined()
    const root = (element as unknown as FakeElement).shadow!
    expect(root.activeElement).toBe(part(element, 'button'))
  })

  it('goes on with what was clicked, also if there are other files since a moment ago', async () => {
    const element = await shown(['/a.jpg'])
    element.files = ['/b.jpg']
    click(offered(element)!)
    expect(resumed).toHaveLength(1)
  })

  it('offers it where nothing else is asked for before the click', async () => {
    const element = new TestElement()
    element.preload = 'none'
    element.files = ['/a.jpg']
    connect(element)
    await settled()
    expect(made).toEqual([])
    click(offered(element)!)
    expect(resumed).toHaveLength(1)
  })

  it('asks its page first, as before every download', async () => {
    const element = await shown(['/a.jpg'])
    const heard = vi.fn<(files: unknown) => void>()
    const prevent = (event: Event): void => {
      heard((event as CustomEvent).detail)
      event.preventDefault()
    }
    element.addEventListener('holdall-start', prevent)
    click(offered(element)!)
    await settled()
    expect(heard).toHaveBeenCalledExactlyOnceWith({ files: ['/a.jpg'] })
    expect(resumed).toHaveLength(0)
    expect(element.state).toBe('idle')
    element.removeEventListener('holdall-start', prevent)
    element.start() // a veto of the one is no wish for the other
    expect(resumed).toHaveLength(0)
    expect(discard).toHaveBeenCalledOnce()
  })

  it('offers what is of some of its files where they can be chosen, and drops it with all of them', async () => {
    const element = await shown(['/a.jpg', '/b.jpg'])
    expect(offered(element)).toBeUndefined()
    element.selectable = true
    await settled()
    expect(offered(element)).toBeDefined()
    element.start()
    await settled()
    expect(resumed).toEqual([])
    expect(discard).toHaveBeenCalledOnce()
  })

  it('does not while it is disabled', async () => {
    const element = await shown(['/a.jpg'])
    element.disabled = true
    expect(offered(element)!.disabled).toBe(true)
    offered(element)!.dispatchEvent(new Event('click'))
    expect(resumed).toHaveLength(0)
    element.disabled = false
    expect(offered(element)!.disabled).toBe(false)
    element.formDisabledCallback(true)
    expect(offered(element)!.disabled).toBe(true)
    offered(element)!.dispatchEvent(new Event('click'))
    expect(resumed).toHaveLength(0)
  })

  it('goes on with it once more when it has failed, and throws nothing away', async () => {
    const element = await shown(['/a.jpg'])
    click(offered(element)!)
    resumed[0]!.settle.failed(failed('source-failed'))
    await settled()
    expect(element.state).toBe('failed')
    click(part(element, 'retry'))
    expect(resumed).toHaveLength(2)
    expect(discard).not.toHaveBeenCalled()
    expect(made.filter(({ cancelled }) => !cancelled)).toEqual([])
  })

  it('begins anew where that would fail each time', async () => {
    const element = await shown(['/a.jpg'])
    click(offered(element)!)
    resumed[0]!.settle.failed(failed('source-changed'))
    await settled()
    click(part(element, 'retry'))
    expect(resumed).toHaveLength(1)
    expect(discard).toHaveBeenCalledOnce()
    expect(made.at(-1)!.cancelled).toBe(false)
  })

  it('begins anew where its file cannot be written, and leaves what may be kept of it', async () => {
    const element = await shown(['/a.jpg'])
    click(offered(element)!)
    resumed[0]!.settle.failed(new HoldallError('sink-failed', 'It is full', {}))
    await settled()
    click(part(element, 'retry'))
    expect(resumed).toHaveLength(1)
    expect(discard).not.toHaveBeenCalled()
    expect(made.at(-1)!.cancelled).toBe(false)
  })

  it('drops it when the user begins anew', async () => {
    const element = await shown(['/a.jpg'])
    click(part(element, 'button'))
    expect(discard).toHaveBeenCalledOnce()
    expect(resumed).toHaveLength(0)
    await settled()
    made[0]!.settle.failed(failed('source-failed'))
    await settled()
    click(part(element, 'retry'))
    expect(resumed).toHaveLength(0)
    expect(discard).toHaveBeenCalledOnce()
  })

  it('packs the files that it has by then, and drops nothing of others', async () => {
    const element = await shown(['/a.jpg'])
    click(offered(element)!)
    stored = undefined
    element.files = ['/b.jpg']
    await settled()
    resumed[0]!.settle.failed(failed('source-failed'))
    await settled()
    const starts = vi.fn<(event: Event) => void>()
    element.addEventListener('holdall-start', starts)
    click(part(element, 'retry'))
    await settled()
    expect(starts.mock.calls[0]![0]).toMatchObject({ detail: { files: ['/b.jpg'] } })
    const running = made.filter(({ cancelled }) => !cancelled)
    expect(running.map(({ files }) => files)).toEqual([['/b.jpg']])
    expect(resumed).toHaveLength(1)
    expect(discard).not.toHaveBeenCalled()
  })
})

describe('an element whose files can be read but once', () => {
  function* once(): Generator<string> {
    yield '/a.jpg'
    yield '/b.jpg'
  }
  async function* later(): AsyncGenerator<string> {
    yield '/a.jpg'
    await settled()
    yield '/b.jpg'
  }

  it.each([once, later])(
    'has them still when it is moved, or told otherwise: %o',
    async (files) => {
      const element = new TestElement()
      element.files = files()
      connect(element)
      disconnect(element)
      connect(element)
      element.selectable = true
      element.htmlFor = 'a'
      await settled()
      await settled()
      expect(element.state).toBe('idle')
      element.start()
      await settled()
      expect(made.at(-1)!.files).toEqual(['/a.jpg', '/b.jpg'])
    },
  )

  it('looks into a list, or a set that is given once more, anew', async () => {
    const element = await shown(['/a.jpg'])
    const set = new Set(['/b.jpg'])
    element.files = set
    element.files = undefined
    set.add('/c.jpg')
    element.files = set
    const list = ['/d.jpg']
    element.start()
    expect(await runningFiles()).toEqual(['/b.jpg', '/c.jpg'])
    made.at(-1)!.settle.done()
    await settled()
    element.files = list
    list.push('/e.jpg')
    element.files = list
    element.start()
    expect(await runningFiles()).toEqual(['/d.jpg', '/e.jpg'])
  })

  /** The files of what was begun last. */
  async function runningFiles(): Promise<Files | undefined> {
    await settled()
    return made.at(-1)!.files
  }
})

describe('an element with a list to choose of', () => {
  const boxes = (element: object): FakeElement[] => parts(element, 'checkbox')

  it('keeps the focus in it when there are other files', async () => {
    const element = new TestElement()
    element.selectable = true
    element.files = ['/a.jpg', '/b.jpg']
    connect(element)
    await settled()
    const list = part(element, 'selection')
    list.open = true
    list.dispatchEvent(new Event('toggle'))
    expect(boxes(element)).toHaveLength(3) // with that of all
    const held = boxes(element)[2]!
    held.focus()
    element.files = ['/c.jpg', '/a.jpg', '/b.jpg']
    await settled()
    const root = (element as unknown as FakeElement).shadow!
    expect(boxes(element)).toHaveLength(4)
    expect(root.activeElement).toBe(boxes(element)[3])
    expect(root.activeElement).not.toBe(held)
    element.selectable = false
    await settled()
    expect(list.hidden).toBe(true)
  })

  it('packs all of them if the list cannot be loaded, and complains to nobody', async () => {
    vi.resetModules()
    vi.doMock('../../src/widget/selection.ts', () => {
      throw new Error('offline')
    })
    const unhandled = vi.fn<(error: unknown) => void>()
    process.on('unhandledRejection', unhandled)
    const element = await shown(['/a.jpg', '/b.jpg'])
    element.selectable = true
    await settled()
    element.start()
    await settled()
    process.off('unhandledRejection', unhandled)
    vi.doUnmock('../../src/widget/selection.ts')
    expect(parts(element, 'selection')).toEqual([])
    expect(made.at(-1)!.files).toEqual(['/a.jpg', '/b.jpg'])
    expect(unhandled).not.toHaveBeenCalled()
  })
})

describe('an element that is moved', () => {
  it('plans once', async () => {
    const element = await shown(['/a.jpg'])
    expect(made).toHaveLength(1)
    disconnect(element)
    connect(element)
    await settled()
    expect(made.map(({ cancelled }) => cancelled)).toEqual([true, false])
  })

  it('has styles in another document, of what is made there, too', async () => {
    const element = await shown(['/a.jpg'])
    const root = (element as unknown as FakeElement).shadow!
    const before = root.adoptedStyleSheets.length
    expect(before).toBeGreaterThan(1)
    class Sheet {
      replaceSync(): void {
        // nothing is styled here
      }
    }
    root.ownerDocument = { baseURI: 'about:blank', defaultView: null }
    root.adoptedStyleSheets = [] // as a browser leaves it
    element.adoptedCallback()
    root.ownerDocument = {
      baseURI: 'https://app.test/frame',
      defaultView: { CSSStyleSheet: Sheet },
    }
    element.adoptedCallback()
    expect(root.adoptedStyleSheets.length).toBeGreaterThanOrEqual(before)
    element.selectable = true
    await settled()
    expect(parts(element, 'selection')).toHaveLength(1)
    expect(root.adoptedStyleSheets.every((sheet) => sheet instanceof Sheet)).toBe(true)
    expect(new Set(root.adoptedStyleSheets).size).toBe(root.adoptedStyleSheets.length)
  })
})
