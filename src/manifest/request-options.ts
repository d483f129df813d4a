/** Options of requests that not every runtime takes: some refuse what only browsers have a use for. */

/**
 * `options` without those that make a request impossible here: workerd, say, has no `redirect: 'error'`, and, by its
 * compatibility date, none or some of `cache`.
 */
export function possible(options: RequestInit): RequestInit {
  return Object.fromEntries(
    Object.entries(options).filter(([key, value]) => isPossible({ [key]: value })),
  )
}

/** Whether a request can be made with `options`. */
export function isPossible(options: object): boolean {
  try {
    return new Request('https://host.test/', options).url !== ''
  } catch {
    return false
  }
}
