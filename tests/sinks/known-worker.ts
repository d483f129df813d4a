/** A service worker as its page knows it, and what it was told. */

import type { PageMessage } from '../../src/port/delivery.ts'

export class KnownWorker extends EventTarget {
  state = 'activated'
  readonly told: PageMessage[] = []

  postMessage(message: PageMessage): void {
    this.told.push(message)
  }

  replace(): void {
    this.state = 'redundant'
    this.dispatchEvent(new Event('statechange'))
  }

  get control(): MessagePort | undefined {
    const [message] = this.told
    return message?.type === 'holdall:register' ? message.control : undefined
  }
}

/** Until all messages are there. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}
