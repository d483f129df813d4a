import { describe, expect, it } from 'vitest'
import { isHoldallError } from '../../src/errors.ts'
import { parseFiles } from '../../src/manifest/parse.ts'
import type { FileInput } from '../../src/manifest/types.ts'

/** As a browser's: the methods are on a prototype, and tell nothing when the handle is spread. */
class FileHandle {
  readonly kind = 'file'
  readonly name: string
  readonly #open: () => File
  opened = 0

  constructor(name: string, open: () => File = () => new File(['abc'], name, { lastModified: 9 })) {
    this.name = name
    this.#open = open
  }

  async getFile(): Promise<File> {
    this.opened++
    return this.#open()
  }
}

class DirectoryHandle {
  readonly kind = 'directory'
  readonly name: string
  readonly #children: readonly (FileHandle | DirectoryHandle | Error)[]

  constructor(name: string, ...children: readonly (FileHandle | DirectoryHandle | Error)[]) {
    this.name = name
    this.#children = children
  }

  async *values(): AsyncGenerator<FileHandle | DirectoryHandle> {
    for (const child of this.#children) {
      if (child instanceof Error) throw child
      yield child
    }
  }

  async *entries(): AsyncGenerator<[string, FileHandle | DirectoryHandle]> {
    for await (const child of this.values()) yield [child.name, child]
  }
}

const given = (...inputs: unknown[]): FileInput[] => inputs as FileInput[]

async function refusal(input: unknown): Promise<Error> {
  const files: unknown = await parseFiles(given('https://host.test/a', input)).catch(
    (error: unknown) => error,
  )
  if (files instanceof Error) return files
  return expect.fail('it was accepted')
}

describe('parseFiles() takes the handle of a file', () => {
  it('with the name, the size and the time of the file', async () => {
    const handle = new FileHandle('a.txt')
    expect(await parseFiles(given(handle, { handle }))).toEqual(
      Array.from({ length: 2 }, () =>
        expect.objectContaining({
          kind: 'file',
          name: 'a.txt',
          size: 3,
          lastModified: 9,
          source: { type: 'handle', handle },
        }),
      ),
    )
  })

  it('with what the caller says instead', async () => {
    const fields = { name: 'b', lastModified: 0, mode: 0o600, comment: 'c', crc32: 1 }
    const [file] = await parseFiles(given({ handle: new FileHandle('a.txt'), ...fields }))
    expect(file).toMatchObject({ ...fields, size: 3 })
  })

  it('which is opened once', async () => {
    const handle = new FileHandle('a.txt')
    await parseFiles(given(handle))
    expect(handle.opened).toBe(1)
  })

  it('unless it cannot be opened', async () => {
    const gone = new FileHandle('a.txt', () => {
      throw new DOMException('A requested file could not be found', 'NotFoundError')
    })
    const error = await refusal(gone)
    expect(isHoldallError(error, 'source-failed')).toBe(true)
    expect(error).toMatchObject({ detail: { entry: 'a.txt' } })
    expect(error.message).toBe(
      'Cannot read "a.txt": A requested file could not be found; let the user pick it again',
    )
    expect(error.cause).toBeInstanceOf(DOMException)
  })
})

describe('parseFiles() takes the handle of a directory', () => {
  const tree = new DirectoryHandle(
    'top',
    new FileHandle('1'),
    new DirectoryHandle('sub', new FileHandle('2'), new DirectoryHandle('empty')),
    new FileHandle('3'),
  )
  const names = ['top', 'top/1', 'top/sub', 'top/sub/2', 'top/sub/empty', 'top/3']

  it('with all that it holds', async () => {
    const files = await parseFiles(given(tree))
    expect(files.map(({ name }) => name)).toEqual(names)
    expect(files.map(({ kind }) => kind)).toEqual([
      'directory',
      'file',
      'directory',
      'file',
      'directory',
      'file',
    ])
  })

  it('by another name', async () => {
    const files = await parseFiles(given({ handle: tree, name: 'renamed' }))
    expect(files.map(({ name }) => name)).toEqual(
      names.map((name) => name.replace('top', 'renamed')),
    )
  })

  it('among others, in order, also when they come in time', async () => {
    const list = given(new FileHandle('0'), tree, 'https://host.test/4')
    const inTime = (async function* () {
      yield* list
    })()
    for (const inputs of [list, inTime]) {
      const files = await parseFiles(inputs)
      expect(files.map(({ name }) => name)).toEqual(['0', ...names, '4'])
    }
  })

  it('unless it cannot be listed', async () => {
    const why = new DOMException('The request is not allowed', 'NotAllowedError')
    const error = await refusal(new DirectoryHandle('top', new DirectoryHandle('sub', why)))
    expect(isHoldallError(error, 'source-failed')).toBe(true)
    expect(error).toMatchObject({ detail: { entry: 'top/sub' } })
    expect(error.message).toMatch(/"top\/sub": .* permission .* in a click/)
  })

  it('and where it cannot be listed, and may be left out, is told of as one file', async () => {
    const why = new DOMException('it was moved', 'NotFoundError')
    const folder = new DirectoryHandle('sub', new FileHandle('2'), why)
    const tree = new DirectoryHandle('top', new FileHandle('1'), folder, new FileHandle('3'))
    const files = await parseFiles(given(tree), undefined, true)
    expect(files.map(({ name, kind }) => [name, kind])).toEqual([
      ['top', 'directory'],
      ['top/1', 'file'],
      ['top/sub', 'file'],
      ['top/3', 'file'],
    ])
    expect(files[2]!.source).toEqual({ type: 'unreadable', why: 'it was moved' })
    expect(files[2]!.size).toBeUndefined()
  })

  it('unless the browser has taken back the permission for a part of it: that is never left out', async () => {
    const why = new DOMException('The request is not allowed', 'NotAllowedError')
    const file = new FileHandle('file', () => {
      throw why
    })
    for (const [name, child] of [
      ['top/sub', new DirectoryHandle('sub', new FileHandle('2'), why)],
      ['top/file', file],
    ] as const) {
      const parsed = parseFiles(given(new DirectoryHandle('top', child)), undefined, true)
      await expect(parsed).rejects.toMatchObject({
        code: 'source-failed',
        detail: { entry: name },
        cause: why,
        message: expect.stringMatching(/ permission .* in a click/) as string,
      })
    }
  })

  it('unless it has no name, as the root of a private file system', async () => {
    const root = new DirectoryHandle('', new FileHandle('1'))
    expect(isHoldallError(await refusal(root), 'missing-name')).toBe(true)
    const files = await parseFiles(given({ handle: root, name: 'root' }))
    expect(files.map(({ name }) => name)).toEqual(['root', 'root/1'])
  })
})

describe('parseFiles() refuses', () => {
  it.each(['url', 'data', 'directory', 'symlink'])('a handle with %s beside it', async (shape) => {
    for (const handle of [new FileHandle('a'), new DirectoryHandle('a')]) {
      expect(isHoldallError(await refusal({ handle, [shape]: 'x' }), 'invalid-file')).toBe(true)
    }
  })

  it.each([
    ['no handle', { handle: 5 }],
    ['a handle of another kind', { kind: 'socket', name: 'a' }],
    ['a file that cannot be opened', { kind: 'file', name: 'a', getFile: 5 }],
    ['a directory that cannot be listed', { kind: 'directory', name: 'a', values: {} }],
  ])('%s', async (_, input) => {
    const error = await refusal(input)
    expect(isHoldallError(error, 'invalid-file')).toBe(true)
    expect(error).toMatchObject({ detail: { index: 1 } })
  })

  it('a name that is no text', async () => {
    const error = await refusal({ handle: new FileHandle('a'), name: 5 })
    expect(isHoldallError(error, 'missing-name')).toBe(true)
  })
})
