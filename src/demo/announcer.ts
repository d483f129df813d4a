/** Tells those who hear the page how far it is: the start, every quarter, the end, and no more. */

import { page } from './page.ts'

let quarter = 0

export function announce(text: string): void {
  page.announcer.textContent = text
}

export function announceStart(text: string): void {
  quarter = 0
  announce(text)
}

/** `share` from 0 to 1. */
export function announceProgress(share: number): void {
  const reached = Math.floor(share * 4)
  if (reached <= quarter || reached >= 4) return
  quarter = reached
  announce(`${quarter * 25} % packed`)
}
