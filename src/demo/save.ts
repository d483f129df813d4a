/** The ways out of a job: the browser's own download, a file that the user chooses, memory. */

import type { Report, ZipJob } from 'holdall'

/** How long a Blob stays for the browser to take it, in ms. */
const TAKEN_WITHIN = 60_000

export type Way = (job: ZipJob) => Promise<Report>

export function download(job: ZipJob): Promise<Report> {
  return job.download()
}

export async function inMemory(job: ZipJob): Promise<Report> {
  const url = URL.createObjectURL(await job.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = job.name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), TAKEN_WITHIN)
  return job.finished
}

/** Not in TypeScript's own types. */
interface Pickers {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle>
}

export function canChooseFile(): boolean {
  return 'showSaveFilePicker' in window
}

/** @returns The way to a file that the user has chosen; `undefined` if none was. */
export async function chosenFile(suggestedName: string): Promise<Way | undefined> {
  try {
    const handle = await (window as Pickers).showSaveFilePicker?.({ suggestedName })
    return handle && ((job) => job.saveTo(handle))
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined
    throw error
  }
}
