/** The element around a download: what it asks for before it, where the focus is, and what it tells. */

import { beforeEach, describe, expect, it, vi } from 'vitest'
import { click, connect, settled, type FakeElement } from './page.ts'
import { made, part, shown, TestElement } from './test-element.ts'

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
})

describe('an element whose download ends', () => {
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
