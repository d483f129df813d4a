/** All that the element says, to be replaced word for word; and it in English. */

/** What the element says. Numbers come ready for their place, in the element's locale. */
export interface WidgetText {
  /** The button, when it packs all files. */
  readonly download: string
  /** The button, when some are left out. */
  readonly downloadSelected: string
  /** The button's second line: how many files. */
  readonly files: (count: number, formatted: string) => string
  /** How many of them are chosen. */
  readonly chosen: (count: string, all: string) => string
  /** There is nothing to pack. */
  readonly empty: string
  /** Between the click and the first byte. */
  readonly preparing: string
  readonly running: string
  /** There is no network just now. */
  readonly waiting: string
  readonly paused: string
  /** The browser's own download is not to be had: what is made is gone if the page is closed. */
  readonly byPage: string
  readonly done: string
  readonly failed: string
  readonly cancelled: string
  /** While it would end with its page. */
  readonly keepOpen: string
  /** How much there is of how much, both in bytes with their unit. */
  readonly of: (done: string, total: string) => string
  /** How long it will take yet. */
  readonly left: (time: string) => string
  readonly pause: string
  readonly resume: string
  readonly cancel: string
  /** After a failure. */
  readonly retry: string
  /** After a download that is done. */
  readonly again: string
  /** Goes on with a download that was interrupted; how far it was is empty if that is not known. */
  readonly interrupted: (name: string, share: string) => string
  /** Opens the list of files. */
  readonly choose: string
  /** The check box above that list. */
  readonly all: string
  /** The label of the progress bar. */
  readonly progress: string
  /** What went wrong, in a sentence; and with which file, if it was one. */
  readonly reason: (error: Error, file: string | undefined) => string
  /** Files that the archive was made without, as `missing` allows. */
  readonly leftOut: (count: number, formatted: string) => string
  /** Between two things that stand side by side. */
  readonly separator: string
}

export const english: WidgetText = {
  download: 'Download all',
  downloadSelected: 'Download selected',
  files: (count, formatted) => `${formatted} ${count === 1 ? 'file' : 'files'}`,
  chosen: (count, all) => `${count} of ${all}`,
  empty: 'No files',
  preparing: 'Getting ready',
  running: 'Downloading',
  waiting: 'Waiting for the network',
  paused: 'Paused',
  byPage: 'This page saves it: keep it open',
  done: 'Downloaded',
  failed: 'Download failed',
  cancelled: 'Cancelled',
  keepOpen: 'Keep this page open',
  of: (done, total) => `${done} of ${total}`,
  left: (time) => `${time} left`,
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  retry: 'Try again',
  again: 'Again',
  interrupted: (name, share) => `Resume ${name}${share && ` (${share})`}`,
  choose: 'Choose files',
  all: 'All files',
  progress: 'Progress',
  reason: (error, file) =>
    file === undefined ? error.message : `“${file}” could not be downloaded.`,
  leftOut: (count, formatted) => `${formatted} ${count === 1 ? 'file' : 'files'} left out`,
  separator: ', ',
}
