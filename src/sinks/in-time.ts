/** Waits for a step only so long. */

/** @throws What `late` says, if `step` takes longer than `limit` ms. */
export async function inTime<T>(step: Promise<T>, limit: number, late: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), limit)
  })
  try {
    return await Promise.race([step, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
