/** A file that the browser asks its user for, to be written as the archive is made. */

import { HoldallError } from '../errors.ts'

/** A place that the user has chosen. */
export interface PickedFile {
  readonly handle: FileSystemFileHandle
  /** Removes it, if it is empty: a browser makes such a one of the choice. */
  discard(): Promise<void>
}

/** Not in TypeScript's own types, or not in those of every version. */
interface Picker {
  showSaveFilePicker?(options: object): Promise<FileSystemFileHandle>
}

interface RemovableHandle extends FileSystemFileHandle {
  remove?(): Promise<void>
}

/**
 * Asks the user where to save.
 *
 * @throws {HoldallError} `sink-unavailable`, also for want of a gesture; `cancelled` if the user
 *   chooses nothing.
 */
export async function pickFile(suggestedName: string): Promise<PickedFile> {
  if (!canPick()) throw unavailable('this browser has no dialog for it that a page can open')
  if (!navigator.userActivation.isActive) {
    throw unavailable('too long after the click; call download() right in its listener')
  }
  const types = [{ accept: { 'application/zip': ['.zip'] } }]
  try {
    return picked(await (window as Picker).showSaveFilePicker!({ suggestedName, types }))
  } catch (cause) {
    const { name, message } = cause as Error
    if (name !== 'AbortError') throw unavailable(message, cause)
    throw new HoldallError(
      'cancelled',
      'The download was cancelled in the dialog that asks where to save it',
      { by: 'browser' },
      { cause },
    )
  }
}

/** Whether the browser can ask, given a gesture. */
export function canPick(): boolean {
  return 'showSaveFilePicker' in window
}

function picked(handle: RemovableHandle): PickedFile {
  const discard = async (): Promise<void> => {
    try {
      if ((await handle.getFile()).size === 0) await handle.remove?.()
    } catch {
      // It is gone, or the browser cannot remove it: it is empty, and looks it.
    }
  }
  return { handle, discard }
}

function unavailable(why: string, cause?: unknown): HoldallError {
  const message = `Cannot ask where to save the archive: ${why}`
  return new HoldallError('sink-unavailable', message, { sink: 'save-picker' }, { cause })
}
