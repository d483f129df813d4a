/** Asks the user, in a click, for what was picked before the page was opened: browsers have taken back the permission. */

import { HoldallError } from '../errors.ts'
import type { ManifestFile } from '../manifest/types.ts'

type Mode = 'read' | 'readwrite'

/** Not in TypeScript's own types; and not in browsers that take back nothing. */
interface PermissionHandle extends FileSystemFileHandle {
  queryPermission?(descriptor: { mode: Mode }): Promise<PermissionState>
  requestPermission?(descriptor: { mode: Mode }): Promise<PermissionState>
}

/** Handles that are looked at together: each takes a message to the browser and back. */
const AT_ONCE = 500

/** Whether `handle` may be used like that as it is, without asking anybody. */
export async function isAllowed(handle: PermissionHandle, mode: Mode): Promise<boolean> {
  const state = await handle.queryPermission?.({ mode }).catch(() => 'denied')
  return state === undefined || state === 'granted'
}

/** The same, once the user was asked. */
async function isAllowedNow(handle: PermissionHandle, mode: Mode): Promise<boolean> {
  const state = await handle.requestPermission?.({ mode }).catch(() => 'denied')
  return state === undefined || state === 'granted'
}

/**
 * Asks whether `target` may be written, if there is one, and whether those of `files` that are handles may be read.
 * Browsers that ask give back all that was picked before with one answer; what they ask once more, is asked in turn.
 *
 * @throws {HoldallError} `source-failed`, if a file may not be read. What becomes of the target, its handle tells.
 */
export async function askAgain(
  files: readonly ManifestFile[],
  target: FileSystemFileHandle | undefined,
): Promise<void> {
  if (target && !(await isAllowed(target, 'readwrite'))) await isAllowedNow(target, 'readwrite')
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = files.slice(at, at + AT_ONCE)
    const refused = await Promise.all(
      some.map(async ({ source }) => {
        return source?.type === 'handle' && !(await isAllowed(source.handle, 'read'))
      }),
    )
    for (const [index, { name, source }] of some.entries()) {
      if (source?.type !== 'handle' || !refused[index]) continue
      if (!(await isAllowedNow(source.handle, 'read'))) throw notAllowed(name)
    }
  }
}

function notAllowed(entry: string): HoldallError {
  const message = `Cannot read "${entry}" again: it was picked before this page was opened, and the permission was not given once more; call resume() in a click, and let the user allow it`
  return new HoldallError('source-failed', message, { entry })
}
