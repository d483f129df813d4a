/** An element whose jobs are the tests' own. */

import { connect, parts, settled, type FakeElement } from './page.ts'
import type { ZipOptions } from '../../src/client/options.ts'
import { HoldallDownloadElement } from '../../src/widget/element.ts'
import type { Files } from '../../src/widget/files.ts'
import type { WidgetJob } from '../../src/widget/jobs.ts'

/** A job of the tests. */
export class FakeJob extends EventTarget {
  readonly files: Files | undefined
  readonly options: ZipOptions
  settle!: { done: () => void; failed: (error: Error) => void }
  readonly finished = new Promise<unknown>((resolve, reject) => {
    this.settle = { done: () => resolve({ entries: 1, bytes: 1, skipped: [] }), failed: reject }
  })
  readonly needsPage = false
  cancelled = false
  constructor(files: Files | undefined, options: ZipOptions) {
    super()
    this.files = files
    this.options = options
  }
  download(): Promise<unknown> {
    return this.finished
  }
  async plan(): Promise<object> {
    return { entries: 1, length: 1, warnings: [], fingerprint: '', resumable: true }
  }
  cancel(): void {
    this.cancelled = true
  }
  pause(): void {
    // as it would
  }
  resume(): void {
    // as it would
  }
}

/** Those that were made. */
export const made: FakeJob[] = []

export class TestElement extends HoldallDownloadElement {
  protected override async createJob(files: Files, options: ZipOptions): Promise<WidgetJob> {
    const job = new FakeJob(files, options)
    made.push(job)
    return job as unknown as WidgetJob
  }
}

/** An element of the page, which has looked and planned. */
export async function shown(files: Files): Promise<TestElement> {
  const element = new TestElement()
  element.files = files
  connect(element)
  await settled()
  return element
}

/** The part of the panel, the one that is there. */
export const part = (element: object, name: string): FakeElement => parts(element, name)[0]!
