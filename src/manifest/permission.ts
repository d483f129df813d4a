/** What a user has picked, and the browser lets nobody read at the moment. */

/** What to do about it. */
export const ASK_AGAIN =
  'the permission to read it has ended; ask for it in a click, by requestPermission() of its handle, or let the user pick it again'

/**
 * Whether what was picked may not be read at the moment, as the browser has taken back the permission: it is there,
 * and its user can give it again.
 */
export function isNotAllowed({ cause }: { readonly cause?: unknown }): boolean {
  return cause instanceof DOMException && cause.name === 'NotAllowedError'
}
