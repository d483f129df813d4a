/** From what a caller asks for to a checked list of files; bad input ends here, before any fetch. */

import { HoldallError } from '../errors.ts'
import { checkRequest, checkSha256, checkSymlink, checkText, scalar, timeOf } from './checks.ts'
import { invalidOption } from '../zip/option-checks.ts'
import { invalidFile, parseData, sizeOf } from './data.ts'
import { fetchable } from './url.ts'
import { hasHandle, OPENED, walkHandle, type OpenedHandle } from './handles.ts'
import type { DataOrThunk, FileInput, ManifestFile, UrlFile } from './types.ts'

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/**
 * Checks each of `inputs` and finds out its name, and its size where that costs no request.
 *
 * Folders that are given as handles are walked, and listed with all they hold.
 *
 * @param baseURL What relative URLs are relative to.
 * @param optional Whether a picked file that cannot be read may be left out.
 * @throws {HoldallError} One of the codes for bad input, naming the file or its place in the list.
 */
export async function parseFiles(
  inputs: Iterable<FileInput> | AsyncIterable<FileInput>,
  baseURL?: string,
  optional = false,
): Promise<ManifestFile[]> {
  const files: ManifestFile[] = []
  const take = async (input: FileInput, index: number): Promise<void> => {
    for await (const file of walkHandle(input, index, optional)) {
      files.push(parseFile(file, index, baseURL))
    }
  }
  let index = 0
  if (typeof inputs !== 'object' || inputs === null) throw notAList(inputs)
  if (Symbol.asyncIterator in inputs) {
    for await (const input of inputs) await take(input, index++)
  } else if (Symbol.iterator in inputs) {
    for (const input of inputs) {
      if (hasHandle(input)) await take(input, index++)
      else files.push(parseFile(input, index++, baseURL))
    }
  } else {
    throw notAList(inputs)
  }
  if (index === 0) {
    throw new HoldallError(
      'no-files',
      'Cannot make an archive: the list of files is empty; give at least one file',
      {},
    )
  }
  return files
}

function notAList(inputs: unknown): HoldallError {
  return invalidOption('files', 'an iterable of files or the URL of a manifest', inputs)
}

function parseFile(
  input: FileInput | OpenedHandle,
  index: number,
  baseURL: string | undefined,
): ManifestFile {
  if (typeof input === 'string' || input instanceof URL) {
    return parseUrlFile({ url: input }, index, baseURL)
  }
  if (input instanceof Blob) return parseDataFile({ data: input }, index)
  if (typeof input !== 'object' || input === null) throw invalidFile(index)
  if (OPENED in input) return parseHandleFile(input, index)
  const asked = input as unknown as Record<string, unknown>
  const shapes =
    Number(asked['url'] !== undefined) +
    Number(asked['data'] !== undefined) +
    Number(asked['directory'] !== undefined) +
    Number(asked['symlink'] !== undefined)
  if (shapes !== 1) throw invalidFile(index)
  if ('url' in input && input.url !== undefined) return parseUrlFile(input, index, baseURL)
  if ('data' in input && input.data !== undefined) return parseDataFile(input, index)
  if ('symlink' in input && input.symlink !== undefined) {
    const { symlink } = input
    const name = requireName(input.name, index)
    checkSymlink(name, symlink)
    const bytes = new TextEncoder().encode(symlink)
    const file = entry('symlink', name, input)
    file.size = bytes.length
    file.source = { type: 'bytes', bytes }
    return file
  }
  if ('directory' in input && input.directory === true) {
    const file = entry('directory', requireName(input.name, index), input)
    file.size = 0
    return file
  }
  throw invalidFile(index)
}

function parseUrlFile(file: UrlFile, index: number, baseURL: string | undefined): ManifestFile {
  const { url, cache, credentials, integrity, referrerPolicy, etag } = file
  if (typeof url !== 'string' && !(url instanceof URL)) throw invalidFile(index)
  const parsed = fetchable(
    String(url),
    baseURL,
    `file ${index}`,
    'check how it was built',
    file.name,
  )
  const name = requireName(file.name ?? nameFromPath(parsed), index)
  const headers = checkRequest(name, file)
  const parsedFile = entry('file', name, file)
  parsedFile.guessedName = file.name === undefined
  if (cache !== undefined) {
    const cached = {
      cache: checkText(name, 'cache', cache),
      ...(headers !== undefined && { headers }),
    }
    parsedFile.source = { type: 'cached', url: parsed.href, ...cached }
    return parsedFile
  }
  parsedFile.source = {
    type: 'url',
    url: parsed.href,
    ...(headers !== undefined && { headers }),
    ...(credentials !== undefined && { credentials }),
    ...(integrity !== undefined && { integrity }),
    ...(referrerPolicy !== undefined && { referrerPolicy }),
    ...(etag !== undefined && { etag: checkText(name, 'etag', etag) }),
  }
  return parsedFile
}

/** The last part of the path, if the URL has a path that means something. */
function nameFromPath({ protocol, pathname }: URL): string | undefined {
  if (protocol !== 'http:' && protocol !== 'https:') return undefined
  const last = pathname.slice(pathname.lastIndexOf('/') + 1)
  try {
    return decodeURIComponent(last)
  } catch {
    return last // percent signs that encode no UTF-8 are part of the name
  }
}

function parseDataFile(
  file: { readonly data: DataOrThunk; readonly name?: string },
  index: number,
): ManifestFile {
  const { data } = file
  const ownName = data instanceof Blob && 'name' in data ? String(data.name) : undefined
  const ownTime =
    data instanceof Blob && 'lastModified' in data ? Number(data.lastModified) : undefined
  const name = requireName(file.name ?? ownName, index)
  const source = parseData(data, name, index)
  const fields = entry('file', name, file)
  fields.lastModified ??= ownTime
  const actual = sizeOf(source)
  if (actual !== undefined) {
    if (fields.size !== undefined && fields.size !== actual) {
      throw new HoldallError(
        'size-mismatch',
        `Cannot store "${name}": planned ${fields.size} bytes, its data has ${actual}; leave size out, it is known`,
        { entry: name, planned: fields.size, actual },
      )
    }
    fields.size = actual
  }
  fields.source = source
  return fields
}

function parseHandleFile(
  { [OPENED]: opened, file, ...asked }: OpenedHandle,
  index: number,
): ManifestFile {
  const fields = entry('file', requireName(asked.name ?? file?.name, index), asked)
  fields.size ??= file?.size
  fields.lastModified ??= file?.lastModified
  fields.source =
    typeof opened === 'string'
      ? { type: 'unreadable', why: opened }
      : { type: 'handle', handle: opened }
  return fields
}

function requireName(name: string | undefined, index: number): string {
  if (typeof name === 'string' && name !== '') return name
  throw new HoldallError(
    'missing-name',
    `Cannot pack file ${index}: it has no name, and no URL to take one from; set its name`,
    { index },
  )
}

/**
 * An entry with the fields that all kinds have; their values are checked when the archive is planned.
 *
 * One literal, as there may be half a million of them.
 */
function entry(kind: ManifestFile['kind'], name: string, file: object): Mutable<ManifestFile> {
  const { size, crc32, sha256, lastModified, mode, comment } = file as Omit<UrlFile, 'url'>
  if (comment !== undefined) checkText(name, 'comment', comment)
  return {
    kind,
    name,
    guessedName: false,
    size: scalar(size),
    crc32: scalar(crc32),
    sha256: checkSha256(name, sha256),
    lastModified: lastModified === undefined ? undefined : timeOf(lastModified),
    mode: scalar(mode),
    comment,
    source: undefined,
  }
}
