/** What is known of each file while a job runs, gathered from the changes that its progress tells. */

import type { EntryState, Progress } from 'holdall'

export class FileStates {
  readonly #states = new Map<number, EntryState>()

  add({ changed }: Progress): void {
    for (const state of changed) this.#states.set(state.index, state)
  }

  get(index: number): EntryState | undefined {
    return this.#states.get(index)
  }
}
