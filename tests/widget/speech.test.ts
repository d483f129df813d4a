/** Which language an element speaks when its page changes that. */

import { expect, it, vi } from 'vitest'
import { settled } from './page.ts'

it('follows each tree that it is in: those of shadow roots, and the document', async () => {
  let tell = (): void => undefined
  const observed: unknown[] = []
  class Observer {
    constructor(changed: () => void) {
      tell = changed
    }
    observe(root: unknown, options: object): void {
      observed.push(root)
      expect(options).toEqual({ subtree: true, attributeFilter: ['lang'] })
    }
  }
  vi.stubGlobal('MutationObserver', Observer)
  const { Speech } = await import('../../src/widget/speech.ts')
  const page = {}
  const host = { getRootNode: () => page }
  const shadow = { host }
  let lang = 'en'
  const element = {
    locale: '',
    getRootNode: () => shadow,
    closest: () => ({ getAttribute: () => lang }),
  }
  const speech = new Speech(element as never, () => undefined)
  speech.follow()
  await settled()
  expect(observed).toEqual([shadow, page])
  expect(speech.spoken!.locale).toBe('en')
  lang = 'de'
  tell()
  await settled()
  expect(speech.spoken!.locale).toBe('de')
  vi.unstubAllGlobals()
})
