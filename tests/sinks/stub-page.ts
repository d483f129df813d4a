/** What the page's end of a download needs of a page, for tests that have none. */

import { vi } from 'vitest'
import { Locks } from '../sw/scope.ts'

export class ServiceWorkers extends EventTarget {
  /** The one that is asked for whatever is in its scope. */
  active: unknown

  getRegistration(): Promise<object | undefined> {
    return Promise.resolve(this.active === undefined ? undefined : { active: this.active })
  }

  getRegistrations(): Promise<object[]> {
    return Promise.resolve([])
  }

  startMessages(): void {
    // Node delivers at once
  }
}

/** To be taken back with `vi.unstubAllGlobals()`. */
export function stubPage(): ServiceWorkers {
  const serviceWorker = new ServiceWorkers()
  vi.stubGlobal('navigator', { locks: new Locks(), serviceWorker })
  vi.stubGlobal('location', { href: 'https://app.test/', assign: () => undefined })
  vi.stubGlobal('document', {
    body: { append: () => undefined },
    createElement: () => ({ remove: () => undefined, addEventListener: () => undefined }),
    addEventListener: () => undefined,
  })
  // what is left of an archive that is done would be let go of in five minutes
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('removeEventListener', () => undefined)
  return serviceWorker
}
