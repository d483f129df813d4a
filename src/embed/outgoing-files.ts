/** The page's files made fit to cross to the frame, which is of another origin. */

import { RemoteContents } from '../client/wire-files.ts'
import { OPENED, walkHandle } from '../manifest/handles.ts'
import type { FileInput } from '../manifest/types.ts'
import type { WireFile } from '../worker/protocol.ts'
import type { EmbedContent } from './protocol.ts'

/** Files sent at once: few enough that the page stays responsive while there are many. */
const BATCH = 500

/** Some of the files, as they cross. */
export interface OutgoingBatch {
  readonly files: WireFile[]
  readonly transfer: Transferable[]
  /** Where each is in the caller's list: what is in a folder is where its handle is. */
  readonly indexes: readonly number[]
}

export class OutgoingFiles {
  readonly #contents = new RemoteContents()

  /**
   * `files` in batches. Handles are good in one origin alone: what they stand for is sent in their place.
   *
   * @param optional Whether what cannot be read may be left out.
   */
  async *batches(files: readonly FileInput[], optional: boolean): AsyncGenerator<OutgoingBatch> {
    let batch: FileInput[] = []
    let indexes: number[] = []
    const made = async (): Promise<OutgoingBatch> => ({
      ...(await this.#contents.toWire(batch)),
      indexes,
    })
    for (const [index, input] of files.entries()) {
      for await (const file of walkHandle(input, index, optional)) {
        indexes.push(index)
        if (batch.push(opened(file)) < BATCH) continue
        yield made()
        batch = []
        indexes = []
      }
    }
    yield made()
  }

  /** Content that was not sent, being a function or a stream, and what of it is to be transferred. */
  async open(remote: number): Promise<{ value: EmbedContent; transfer: Transferable[] }> {
    const value = (await this.#contents.open(remote)) as EmbedContent
    if (value instanceof MessagePort) return { value, transfer: [value] }
    return { value, transfer: value instanceof Uint8Array ? [value.buffer] : [] }
  }

  /**
   * Cancels the streams that are being read.
   *
   * @param error See `RemoteContents`. Without one, the streams that nobody has asked for are left to another maker.
   */
  end(error?: unknown): void {
    this.#contents.end(error)
  }
}

function opened(file: WalkedFile): FileInput {
  if (typeof file !== 'object' || file === null || !(OPENED in file)) return file
  const { [OPENED]: handle, file: read, ...fields } = file
  const open = (): Promise<File> =>
    typeof handle === 'string' ? Promise.reject(new Error(handle)) : handle.getFile()
  return { ...fields, data: read ?? open }
}

type WalkedFile = ReturnType<typeof walkHandle> extends AsyncGenerator<infer File> ? File : never
