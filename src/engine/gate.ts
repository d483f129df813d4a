/** A gate that holds up whoever comes to it while it is closed: how a job is paused. */

export class Gate {
  #passage: Promise<void> | undefined
  #release: () => void = () => undefined

  get closed(): boolean {
    return this.#passage !== undefined
  }

  close(): void {
    this.#passage ??= new Promise((resolve) => {
      this.#release = resolve
    })
  }

  open(): void {
    this.#passage = undefined
    this.#release()
  }

  /** Resolves as soon as the gate is open. */
  async pass(): Promise<void> {
    while (this.#passage !== undefined) await this.#passage
  }
}
