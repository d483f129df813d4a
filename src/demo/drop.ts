/** What was dropped on the page: files, whole folders, or links dragged from another. */

import { fileItem, type Item } from './item.ts'
import { walkEntry, walkHandle } from './folders.ts'
import { parseLinks } from './links.ts'

/** Not everywhere, and not in TypeScript's own types. */
interface HandleItem extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>
}

/** One dropped thing, in every form that the browser gives it in. */
interface Dropped {
  readonly handle: Promise<FileSystemHandle | null> | undefined
  readonly entry: FileSystemEntry | null
  readonly file: File | null
}

export interface DropTarget {
  /** Whether things may be dropped now. */
  accepts(): boolean
  /** Something is held above the page, or is no more. */
  hovering(over: boolean): void
  dropped(items: AsyncIterable<Item>): void
}

/** Makes the whole page take drops: who misses the bag would else leave the page for the file. */
export function takeDrops(target: DropTarget): void {
  let depth = 0
  const hover = (change: number): void => {
    depth = Math.max(0, depth + change)
    target.hovering(depth > 0 && target.accepts())
  }
  addEventListener('dragenter', (event) => {
    if (!isOfField(event)) event.preventDefault()
    hover(1)
  })
  addEventListener('dragleave', () => hover(-1))
  addEventListener('dragover', (event) => {
    if (isOfField(event)) return
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = target.accepts() ? 'copy' : 'none'
  })
  addEventListener('drop', (event) => {
    if (isOfField(event)) return hover(-depth)
    event.preventDefault()
    hover(-depth)
    if (event.dataTransfer && target.accepts()) target.dropped(itemsOf(event.dataTransfer))
  })
}

/** Whether it is text above a field that takes it: that is the field's. */
function isOfField({ target, dataTransfer }: DragEvent): boolean {
  const isField =
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && target.type === 'text')
  return isField && target.matches(':read-write') && !dataTransfer?.types.includes('Files')
}

/** All that is to be asked of `transfer` is asked now: it is empty as soon as its event is over. */
function itemsOf(transfer: DataTransfer): AsyncIterable<Item> {
  const dropped = Array.from(transfer.items as Iterable<HandleItem>)
    .filter((item) => item.kind === 'file')
    .map((item) => ({
      handle: item.getAsFileSystemHandle?.().catch(() => null),
      entry: item.webkitGetAsEntry(),
      file: item.getAsFile(),
    }))
  const links = transfer.getData('text/uri-list').replace(/^#.*$/gm, '')
  return walk(dropped, links)
}

async function* walk(dropped: readonly Dropped[], links: string): AsyncGenerator<Item> {
  for (const { handle, entry, file } of dropped) {
    const granted = await handle
    if (granted) yield* walkHandle(granted)
    else if (entry) yield* walkEntry(entry)
    else if (file) yield fileItem(file)
  }
  if (dropped.length === 0) yield* parseLinks(links).items
}
