/** Options of requests that not every runtime takes: some refuse what only browsers have a use for. */

/**
 * `options` without those that make a request impossible here: workerd, say, has no `redirect: 'error'`, and, by its
 * compatibility date, none or some of `cache`.
 */
export function possible(options: RequestInit): RequestInit {
  return Object.fromEntries(Object.entries(options).filter(isPossible))
}

function isPossible([name, value]: [string, unknown]): boolean {
  try {
    return new Request('https://host.test/', { [name]: value }).url !== ''
  } catch {
    return false
  }
}
