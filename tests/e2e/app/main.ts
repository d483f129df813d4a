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

/** How a download went, as plain data. */
export type Outcome =
  | { report: Report }
  | { code: string; message: string; detail: Record<string, unknown> }

declare global {
  interface Window {
    zip: typeof zip
    configure: typeof configure
    unfinished: typeof unfinished
    diagnose: typeof diagnose
    download: (files: FilesInput, options?: ZipOptions) => Promise<Outcome>
    /** The input of type file. */
    picked: () => File[]
  }
}

window.zip = zip
window.configure = configure
window.unfinished = unfinished
window.diagnose = diagnose
window.picked = () => [...(document.querySelector<HTMLInputElement>('#files')?.files ?? [])]
window.download = async (files, options) => {
  try {
    return { report: await zip(files, options).download() }
  } catch (error) {
    if (!isHoldallError(error)) throw error
    const { code, message, detail } = error
    return { code, message, detail: { ...detail } }
  }
}
document.documentElement.dataset['ready'] = ''
