/** The end that a reader puts to a pass before its own. */

export class Leaving {
  left = false
  #wake: (() => void) | undefined

  leave(): void {
    this.left = true
    this.#wake?.()
  }

  /** What `arrival` becomes; `undefined` if it is not waited for any more. */
  before<T>(arrival: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve(undefined)
      if (this.left) this.#wake()
      arrival.then(resolve, reject)
    })
  }
}
