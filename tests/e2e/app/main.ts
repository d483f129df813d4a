/** An app as its author would write it; the tests drive it through what it puts on `window`. */

import {
  configure,
  diagnose,
  isHoldallError,
  unfinished,
  zip,
  type FilesInput,
  type Report,
  type ZipOptions,
} from 'holdall'
import { importBundle, type ImportReport } from 'holdall/bundle'

/** Why something failed, as plain data. */
interface Failure {
  readonly code: string
  readonly message: string
  readonly detail: Record<string, unknown>
}

/** How a download went. */
export type Outcome = { report: Report } | Failure

declare global {
  interface Window {
    zip: typeof zip
    configure: typeof configure
    unfinished: typeof unfinished
    diagnose: typeof diagnose
    download: (files: FilesInput, options?: ZipOptions) => Promise<Outcome>
    importBundle: typeof importBundle
    /** Imports the file that was picked. */
    importPicked: () => Promise<{ report: ImportReport } | Failure>
    /** The input of type file. */
    picked: () => File[]
  }
}

window.zip = zip
window.configure = configure
window.unfinished = unfinished
window.diagnose = diagnose
window.picked = () => [...(document.querySelector<HTMLInputElement>('#files')?.files ?? [])]
window.download = (files, options) => outcomeOf(zip(files, options).download())
window.importBundle = importBundle
window.importPicked = () => outcomeOf(importBundle(window.picked()[0]!))

async function outcomeOf<R>(report: Promise<R>): Promise<{ report: R } | Failure> {
  try {
    return { report: await report }
  } catch (error) {
    if (!isHoldallError(error)) throw error
    const { code, message, detail } = error
    return { code, message, detail: { ...detail } }
  }
}

document.documentElement.dataset['ready'] = ''
