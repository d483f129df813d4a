/** A gate that holds up whoever comes to it while it is closed: how a job is paused. */

export class Gate {
  #closing = new AbortController()
  #passage: Promise<void> | undefined
  #release: () => void = () => undefined

  get closed(): boolean {
    return this.#passage !== undefined
  }

  /** Aborts when the gate is closed: for who is through, and shall not go on. Each closing has its own. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  close(): void {
    if (this.closed) return
    this.#passage = new Promise((resolve) => {
      this.#release = resolve
    })
    this.#closing.abort()
  }

  open(): void {
    if (!this.closed) return
    this.#passage = undefined
    this.#closing = new AbortController()
    this.#release()
  }

  /** Resolves as soon as the gate is open. */
  async pass(): Promise<void> {
    while (this.#passage !== undefined) await this.#passage
  }
}
