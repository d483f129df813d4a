/** What lies in the bag: a file input of the package, and what the list shows of it. */

import type { FileInput } from 'holdall'

export interface Item {
  /** Tells items apart; no two are ever the same. */
  readonly id: number
  /** Path in the archive, as asked for; ends in `/` for a folder. */
  readonly path: string
  /** In bytes; absent if it is unknown before the file is fetched. */
  readonly size?: number
  readonly input: FileInput
}

let nextId = 0

/** A file that the user picked, at its path if it came with one. */
export function fileItem(file: File, path = file.webkitRelativePath || file.name): Item {
  const input = { data: file, name: path, size: file.size, lastModified: file.lastModified }
  return { id: nextId++, path, size: file.size, input }
}

/** A folder that holds nothing. */
export function folderItem(path: string): Item {
  const name = `${path}/`
  return { id: nextId++, path: name, size: 0, input: { name, directory: true } }
}

/** A text written here. */
export function textItem(path: string, text: string): Item {
  // a Blob would tell, too, but costs a call to another process: seconds for thousands
  const size = new TextEncoder().encode(text).length
  return { id: nextId++, path, size, input: { data: text, name: path, size } }
}

/** What may be known of a file behind a link. */
export interface LinkFacts {
  readonly name?: string
  readonly size?: number
  readonly crc32?: number
  readonly lastModified?: string
}

/** A file to be fetched when its turn comes. Without a name it is shown by the end of its address. */
export function linkItem(url: URL, { name, size, crc32, lastModified }: LinkFacts = {}): Item {
  const input = {
    url,
    ...(name !== undefined && { name }),
    ...(size !== undefined && { size }),
    ...(crc32 !== undefined && { crc32 }),
    ...(lastModified !== undefined && { lastModified }),
  }
  const path = name ?? lastPart(url)
  return { id: nextId++, path, ...(size !== undefined && { size }), input }
}

function lastPart(url: URL): string {
  const part = url.pathname.split('/').findLast((text) => text !== '') ?? url.hostname
  try {
    return decodeURIComponent(part)
  } catch {
    return part // a stray percent sign
  }
}
