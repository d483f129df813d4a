/** The ways into the bag: pickers, pasted links, the sample album, things dropped on the page. */

import { takeDrops } from './drop.ts'
import { formatNumberOf } from './format.ts'
import { fileItem, type Item } from './item.ts'
import { parseLinks } from './links.ts'
import { page } from './page.ts'
import { loadSampleAlbum, manyNotes, type NamedItems } from './sample-album.ts'

export interface SourceEvents {
  /**
   * @param name What the archive might be called.
   * @returns Whether they are in the bag, rather than to be put in when packing is over.
   */
  add(items: readonly Item[], name?: string): boolean
  /** Whether anything may be added now. */
  accepts(): boolean
}

export function connectSources({ add, accepts }: SourceEvents): void {
  for (const input of [page.pickFiles, page.pickFolder]) {
    input.addEventListener('change', () => {
      const items = Array.from(input.files ?? [], (file) => fileItem(file))
      input.value = '' // the same may be picked again
      sortByPath(items)
      noticeAdded(items, add(items, commonFolder(items)))
    })
  }
  page.pickFolderLabel.hidden = !('webkitdirectory' in HTMLInputElement.prototype)

  page.addUrls.addEventListener('click', () => addLinks(add))
  page.urls.addEventListener('input', () => (page.urls.ariaInvalid = 'false'))
  page.useSample.addEventListener('click', () => void addNamed(loadSampleAlbum(), add))
  page.useMany.addEventListener('click', () => void addNamed(manyNotes(), add))

  takeDrops({
    accepts,
    hovering: (over) => page.bag.classList.toggle('is-open', over),
    dropped: (items) => void addDropped(items, add),
  })
}

function addLinks(add: SourceEvents['add']): void {
  const { items, rejected } = parseLinks(page.urls.value)
  add(items)
  // what could not be read stays, to be put right
  page.urls.value = rejected.join('\n')
  page.urls.ariaInvalid = String(rejected.length > 0)
  notice(outcomeOf(items.length, rejected))
  if (rejected.length > 0 || items.length === 0) page.urls.focus()
}

function outcomeOf(added: number, rejected: readonly string[]): string {
  if (added + rejected.length === 0) return 'Paste a link first: it begins with https://'
  const sentences = []
  if (added > 0) sentences.push(`Added ${formatNumberOf(added, 'link')}.`)
  if (rejected.length > 0) {
    const lines = formatNumberOf(rejected.length, 'line is', 'lines are')
    sentences.push(`${lines} not a web address: ${rejected[0]}`)
  }
  return sentences.join(' ')
}

async function addNamed(loading: Promise<NamedItems>, add: SourceEvents['add']): Promise<void> {
  try {
    const { name, items } = await loading
    noticeAdded(items, add(items, name))
  } catch (error) {
    notice(error instanceof Error ? error.message : String(error))
  }
}

async function addDropped(source: AsyncIterable<Item>, add: SourceEvents['add']): Promise<void> {
  const items: Item[] = []
  const put = (): void => {
    sortByPath(items)
    noticeAdded(items, add(items, commonFolder(items)))
  }
  try {
    for await (const item of source) {
      items.push(item)
      if (items.length % 500 === 0)
        notice(`Reading folders: ${formatNumberOf(items.length, 'file')}`)
    }
    put()
  } catch (error) {
    put()
    notice(`Cannot read all of it: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Browsers give files in whatever order the disk has them. */
function sortByPath(items: Item[]): void {
  const { compare } = new Intl.Collator(undefined, { numeric: true })
  items.sort((a, b) => compare(a.path, b.path))
}

/** The folder that all of it was in. */
function commonFolder(items: readonly Item[]): string | undefined {
  const [folder, ...others] = new Set(items.map(({ path }) => path.split('/', 1)[0]))
  return others.length === 0 && items.every(({ path }) => path.includes('/')) ? folder : undefined
}

function noticeAdded({ length }: readonly Item[], now: boolean): void {
  const files = formatNumberOf(length, 'file')
  if (length === 0) notice('Nothing in that to pack')
  else if (now) notice(`Added ${files}`)
  else notice(`Too late for this ZIP: ${files} will be added when it is packed`)
}

/** Says that `items` were put in after an archive that they are not in. */
export function noticeLate({ length }: readonly Item[]): void {
  notice(`Added ${formatNumberOf(length, 'file')}, too late for that ZIP: pack again to have all`)
}

/** Seen and heard: the element is a live region. */
function notice(text: string): void {
  page.notice.textContent = text
}
