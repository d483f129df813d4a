/** `<holdall-download>` on a page that embeds holdall: the same element, with jobs of the frame. */

import type { ZipOptions } from '../client/options.ts'
import { HoldallDownloadElement } from '../widget/element.ts'
import type { Files } from '../widget/files.ts'
import type { WidgetJob } from '../widget/jobs.ts'
import { makeJob } from './jobs.ts'

export class EmbeddedDownloadElement extends HoldallDownloadElement {
  /** What the frame keeps, this page does not know. */
  protected override readonly looksBack = false

  protected override async createJob(files: Files, options: ZipOptions): Promise<WidgetJob> {
    return makeJob(files, options)
  }
}
