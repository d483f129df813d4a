/** Waits for a step only so long. */

/** A timer that is so much too late was held up itself, by a thread that was busy or a machine that slept. In ms. */
const HELD_UP = 1000

/**
 * What was held up like the timer itself may be there already, and is heard first: it is given another turn, or all of
 * `limit` again.
 *
 * @throws What `late` says, if `step` takes longer than `limit` ms.
 */
export async function inTime<T>(
  step: Promise<T>,
  limit: number,
  late: () => Error | Promise<Error>,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const since = Date.now()
  const tooLate = new Promise<never>((_, reject) => {
    const giveUp = (): void =>
      void new Promise<Error>((resolve) => resolve(late())).then(reject, reject)
    timer = setTimeout(() => {
      timer = setTimeout(giveUp, Date.now() - since > limit + HELD_UP ? limit : 0)
    }, limit)
  })
  try {
    return await Promise.race([step, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
