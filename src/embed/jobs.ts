/** Jobs of a page that cannot host a service worker: made by the site that this script comes from. */

import type { ZipOptions } from '../client/options.ts'
import type { FilesInput } from '../manifest/types.ts'
import { EmbedJob, type Hosting, type PageMaker } from './embed-job.ts'

// Not by the form that bundlers follow: the other scripts are beside this one already.
const here = import.meta.url

const hosting: Hosting = {
  folder: new URL('.', here),
  loadPageMaker: () =>
    import(/* @vite-ignore */ new URL('holdall-embed-page.js', here).href) as Promise<PageMaker>,
}

export function makeJob(files: FilesInput, options: ZipOptions): EmbedJob {
  return new EmbedJob(hosting, files, options)
}
