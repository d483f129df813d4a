/** A file as browsers have it: who writes to it writes to a copy, which takes its place when it is closed. */

export class FakeFile {
  bytes = new Uint8Array(0)
  /** When it was written to last. */
  lastModified = 0
  /** The lengths of the copies that were made of it. */
  readonly copies: number[] = []
  /** Called before it is read, and may refuse. */
  onRead: () => void = () => undefined
  /** Called before it is opened, and may refuse. */
  onOpen: () => void = () => undefined
  /** Called before a copy is made of it, and may refuse. */
  onCopy: (bytes: number) => void = () => undefined
  /** Called before bytes are written at that place, and may refuse. */
  onWrite: (position: number) => void | Promise<void> = () => undefined

  get handle(): FileSystemFileHandle {
    const { createWritable, getFile } = this
    return { createWritable, getFile } as unknown as FileSystemFileHandle
  }

  /** As somebody else does. */
  put(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes
    this.lastModified++
  }

  readonly getFile = async (): Promise<File> => {
    this.onRead()
    return new File([this.bytes], 'a.zip', { lastModified: this.lastModified })
  }

  readonly createWritable = async ({ keepExistingData = false } = {}): Promise<object> => {
    this.onOpen()
    if (keepExistingData) {
      this.onCopy(this.bytes.length)
      this.copies.push(this.bytes.length)
    }
    let length = keepExistingData ? this.bytes.length : 0
    let room = new Uint8Array(length)
    room.set(this.bytes.subarray(0, length))
    let at = 0
    return {
      seek: async (position: number) => {
        at = position
      },
      write: async (given: Uint8Array<ArrayBuffer> | { position: number; data: DataView }) => {
        const data = 'data' in given ? new Uint8Array(given.data.buffer) : given
        if ('data' in given) at = given.position
        await this.onWrite(at)
        const end = at + data.length
        if (end > room.length) {
          const larger = new Uint8Array(end * 2)
          larger.set(room)
          room = larger
        }
        room.set(data, at)
        at = end
        length = Math.max(length, end)
      },
      truncate: async (to: number) => {
        const cut = new Uint8Array(to)
        cut.set(room.subarray(0, Math.min(to, length)))
        room = cut
        length = to
      },
      close: async () => this.put(room.slice(0, length)),
      abort: async () => undefined,
    }
  }
}
