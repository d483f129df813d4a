/** Has the browser ask its user before a page is left that downloads need. */

import { isGecko, isWebKit } from '../engine/browser.ts'

/** Whether a service worker goes on without any page: neither Firefox nor WebKit let it. */
export function outlivesPages(): boolean {
  return !isGecko() && !isWebKit()
}

let needing = 0

/**
 * Guards the page for a job, which says so.
 *
 * @returns Ends it.
 */
export function guardPage(job: { readonly needsPage: boolean }): () => void {
  if (needing++ === 0) addEventListener('beforeunload', ask)
  Object.assign(job, { needsPage: true })
  return () => {
    // without a listener, browsers can keep the page at hand for whoever comes back to it
    if (--needing === 0) removeEventListener('beforeunload', ask)
    Object.assign(job, { needsPage: false })
  }
}

let leaving = false

/** What `navigate` gives; nobody is asked about that: to navigate to a download leaves the page as it is. */
export async function withoutAsking<T>(navigate: () => Promise<T>): Promise<T> {
  leaving = true
  try {
    return await navigate()
  } finally {
    leaving = false
  }
}

function ask(event: BeforeUnloadEvent): void {
  if (!leaving) event.preventDefault()
  leaving = false // the next is the user's
}
