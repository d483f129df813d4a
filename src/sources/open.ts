/** Opens the content of a file of the manifest, whatever it comes from. */

import { HoldallError } from '../errors.ts'
import { parseData } from '../manifest/parse.ts'
import type { ManifestFile, SourceInput } from '../manifest/types.ts'
import type { Content } from '../zip/encode.ts'
import { brokenOff, fetchBody } from './http.ts'
import { readStream } from './read-stream.ts'

/**
 * Opens `file` from byte `position` on. Requests begin at once, so the result says that there is
 * something to read, not yet that all of it can be.
 *
 * @param signal Ends requests and reads that are under way.
 * @throws {HoldallError} `source-failed` or `stream-used`, here or while the content is read.
 */
export async function openSource(
  file: ManifestFile,
  position: number,
  signal: AbortSignal,
): Promise<Content> {
  const { source, name } = file
  if (source === undefined) return new Uint8Array()
  const url = source.type === 'url' ? source.url : undefined
  const content = await openInput(source, name, position, signal)
  return content instanceof Uint8Array
    ? content
    : readChecked(content, name, url, signal)
}

async function openInput(
  source: SourceInput,
  name: string,
  position: number,
  signal: AbortSignal,
): Promise<Uint8Array | ReadableStream<Uint8Array>> {
  switch (source.type) {
    case 'bytes':
      return source.bytes.subarray(position)
    case 'blob':
      return source.blob.slice(position).stream()
    case 'url':
      return fetchBody(source, name, position, signal)
    case 'handle':
      return (await openHandle(source.handle, name)).slice(position).stream()
    case 'stream':
      if (position > 0) throw notRepeatable(name)
      return source.stream
    case 'thunk': {
      const made = parseData(await askThunk(source.open, name), name, 0)
      if (made.type === 'stream' && position > 0) throw notRepeatable(name)
      return openInput(made, name, position, signal)
    }
  }
}

async function askThunk<T>(open: () => T | Promise<T>, name: string): Promise<T> {
  try {
    return await open()
  } catch (cause) {
    throw new HoldallError(
      'source-failed',
      `Cannot pack "${name}": the function that gives its data failed (${(cause as Error).message})`,
      { entry: name },
      { cause },
    )
  }
}

async function openHandle(handle: FileSystemFileHandle, name: string): Promise<File> {
  try {
    return await handle.getFile()
  } catch (cause) {
    throw brokenOff(name, undefined, cause)
  }
}

function notRepeatable(name: string): HoldallError {
  return new HoldallError(
    'stream-used',
    `Cannot go on with "${name}": its stream was read already and cannot be read again; give a function that makes a new one`,
    { entry: name },
  )
}

/** The chunks of `stream`; what breaks it becomes an error that names the file. */
async function* readChecked(
  stream: ReadableStream<Uint8Array>,
  name: string,
  url: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  try {
    yield* readStream(stream, signal)
  } catch (cause) {
    signal.throwIfAborted()
    throw cause instanceof HoldallError ? cause : brokenOff(name, url, cause)
  }
}
