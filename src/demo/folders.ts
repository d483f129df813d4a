/** Folders, walked to their last file; the empty ones are kept. Browsers have two ways to do so. */

import { fileItem, folderItem, type Item } from './item.ts'

/** A folder of the File System API: the newer way, Chromium's. */
export async function* walkHandle(handle: FileSystemHandle, parent = ''): AsyncGenerator<Item> {
  const path = parent + handle.name
  if (handle instanceof FileSystemFileHandle) {
    yield fileItem(await handle.getFile(), path)
  } else if (handle instanceof FileSystemDirectoryHandle) {
    let empty = true
    for await (const child of handle.values()) {
      empty = false
      yield* walkHandle(child, `${path}/`)
    }
    if (empty) yield folderItem(path)
  }
}

/** A folder of the older File and Directory Entries API: every browser's. */
export async function* walkEntry(entry: FileSystemEntry): AsyncGenerator<Item> {
  const path = entry.fullPath.replace(/^\//, '')
  if (isFileEntry(entry)) {
    yield fileItem(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)), path)
  } else if (isDirectoryEntry(entry)) {
    let empty = true
    for await (const child of children(entry)) {
      empty = false
      yield* walkEntry(child)
    }
    if (empty) yield folderItem(path)
  }
}

/** Comes in lots, a hundred at a time in Chromium, and is over with an empty one. */
async function* children(directory: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry> {
  const reader = directory.createReader()
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    if (entries.length === 0) return
    yield* entries
  }
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isDirectoryEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
