/** Handles of the File System API: what a user has picked, and all that is in a folder of it. */

import { HoldallError } from '../errors.ts'
import { invalidFile } from './data.ts'
import { ASK_AGAIN, isNotAllowed } from './permission.ts'
import type { FileInput, HandleFile } from './types.ts'

/** Whether `input` is a handle of the File System API, or wraps one. */
export function hasHandle(input: FileInput): boolean {
  return handleOf(input) !== undefined
}

function handleOf(input: FileInput): HandleFile | undefined {
  if (typeof input !== 'object' || input === null) return undefined
  if (isHandle(input)) return { handle: input }
  return 'handle' in input && isHandle(input.handle) ? input : undefined
}

function isHandle(value: unknown): value is FileSystemFileHandle | FileSystemDirectoryHandle {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    ((value.kind === 'file' && isMethod(value, 'getFile')) ||
      (value.kind === 'directory' && isMethod(value, 'values')))
  )
}

function isMethod(value: object, name: string): boolean {
  return typeof (value as Record<string, unknown>)[name] === 'function'
}

/** A field that no caller's object has. */
export const OPENED: unique symbol = Symbol('opened')

/**
 * A file that was picked, or found in a folder that was, and what it is now, if it can be read; or why a folder
 * cannot.
 */
export type OpenedHandle = {
  readonly [OPENED]: FileSystemFileHandle | string
  readonly file: File | undefined
} & Omit<HandleFile, 'handle'>

/**
 * `input` itself, or if it is a handle, the files and folders that it stands for.
 *
 * @param optional Whether one that cannot be read may be left out: then that is told in its turn, of a folder as of one
 *   file. What its user has to allow again is not: it is there.
 * @throws {HoldallError} `source-failed`.
 */
export async function* walkHandle(
  input: FileInput,
  index: number,
  optional: boolean,
): AsyncGenerator<FileInput | OpenedHandle> {
  const wrapped = handleOf(input)
  if (wrapped === undefined) {
    yield input
    return
  }
  const { handle, ...fields } = wrapped
  const isMixed = ['url', 'data', 'directory', 'symlink'].some((shape) => shape in fields)
  if (isMixed) throw invalidFile(index)
  const name = fields.name ?? handle.name
  if (handle.kind === 'file') {
    const file = await readable(name, handle.getFile(), optional)
    yield { ...fields, name, [OPENED]: handle, file: typeof file === 'string' ? undefined : file }
    return
  }
  const children = await readable(name, childrenOf(handle), optional)
  if (typeof children === 'string') {
    yield { name, [OPENED]: children, file: undefined }
    return
  }
  yield { name, directory: true }
  for (const child of children) {
    yield* walkHandle({ handle: child, name: `${name}/${child.name}` }, index, optional)
  }
}

/** All of them, before any is packed: of a folder whose listing breaks off, some would be there as if they were all. */
async function childrenOf(handle: FileSystemDirectoryHandle): Promise<FileSystemFileHandle[]> {
  const children: FileSystemFileHandle[] = []
  // TypeScript's libraries know the iterator of a directory in some programs only.
  const { values } = handle as unknown as { values(): AsyncIterable<FileSystemFileHandle> }
  for await (const child of values.call(handle)) children.push(child)
  return children
}

/** What `step` gives, or why it cannot be read, where it may be left out for that. */
async function readable<T>(name: string, step: Promise<T>, optional: boolean): Promise<T | string> {
  try {
    return await step
  } catch (cause) {
    const why = String((cause as Error).message)
    const isThere = isNotAllowed({ cause })
    if (optional && !isThere) return why
    throw new HoldallError(
      'source-failed',
      `Cannot read "${name}": ${isThere ? ASK_AGAIN : `${why}; let the user pick it again`}`,
      { entry: name },
      { cause },
    )
  }
}
