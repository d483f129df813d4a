/** Programs that read archives, each by itself: what they find, or what they complain of. */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  lstatSync,
  mkdtempSync,
  openAsBlob,
  readdirSync,
  readlinkSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BlobReader, ZipReader } from '@zip.js/zip.js'

/** What a reader found: of each file its size and sha256, by name. */
export type Found = Record<string, { size: number; sha256: string }>

export interface Reader {
  readonly name: string
  /** Throws if it finds anything to complain of. */
  read(path: string): Promise<Found>
  /** The same for an archive too large to be unpacked: whether every CRC-32 is right. */
  check?(path: string): unknown
}

function run(program: string, args: string[]): string {
  const options = { encoding: 'utf8', maxBuffer: 1 << 28, stdio: 'pipe', input: '' } as const
  return execFileSync(program, args, options)
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer)
  }
  return hash.digest('hex')
}

/** Has `extract` unpack into a new folder, and looks at what is there; links count as their target. */
export async function extracted(extract: (folder: string) => void): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'holdall-'))
  try {
    extract(folder)
    const found: Found = {}
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, name)
      const status = lstatSync(path)
      if (status.isSymbolicLink()) {
        const target = readlinkSync(path)
        found[name] = {
          size: target.length,
          sha256: createHash('sha256').update(target).digest('hex'),
        }
      }
      if (status.isFile()) found[name] = { size: status.size, sha256: await sha256(path) }
    }
    return found
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const PYTHON = `
import hashlib, json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
found = {}
for info in archive.infolist():
    if info.is_dir(): continue
    hash = hashlib.sha256()
    with archive.open(info) as file:
        while block := file.read(1 << 20): hash.update(block)
    found[info.filename] = { 'size': info.file_size, 'sha256': hash.hexdigest() }
print(json.dumps(found))
`

const java = fileURLToPath(new URL('./Read.java', import.meta.url))

function readWithJava(mode: 'file' | 'stream', path: string): Found {
  const lines = run('java', ['-Dfile.encoding=UTF-8', java, mode, path]).trim().split('\n')
  return Object.fromEntries(
    lines
      .filter((line) => line !== '' && !line.split('\t')[0]!.endsWith('/'))
      .map((line) => line.split('\t') as [string, string, string])
      .map(([name, size, digest]) => [name, { size: Number(size), sha256: digest }]),
  )
}

/** 7-Zip warns and goes on where others stop, so its warnings count. */
function sevenZip(args: string[]): void {
  const output = run(sevenZipName(), args)
  if (/warning|error/i.test(output.replace(/^Path = .*$/gm, '').replace(/Errors?: 0/g, ''))) {
    throw new Error(output)
  }
}

function sevenZipName(): string {
  for (const name of ['7zz', '7z']) {
    try {
      run(name, ['i'])
      return name
    } catch {
      // The other one, then.
    }
  }
  throw new Error('Cannot find 7-Zip: run node scripts/setup.mjs')
}

export const unzip: Reader = {
  name: 'Info-ZIP unzip',
  check: (path) => run('unzip', ['-tqq', path]),
  read: (path) => {
    run('unzip', ['-tqq', path])
    return extracted((folder) => run('unzip', ['-qq', path, '-d', folder]))
  },
}

export const readers: readonly Reader[] = [
  unzip,
  {
    name: '7-Zip',
    check: (path) => sevenZip(['t', path]),
    read: (path) => {
      sevenZip(['t', path])
      return extracted((folder) => sevenZip(['x', '-bd', `-o${folder}`, path]))
    },
  },
  {
    name: 'bsdtar',
    read: (path) => extracted((folder) => run('bsdtar', ['-xf', path, '-C', folder])),
  },
  {
    name: 'bsdtar, streaming',
    read: (path) =>
      extracted((folder) =>
        run('sh', ['-c', `cat "$1" | bsdtar -xf - -C "$2"`, 'sh', path, folder]),
      ),
  },
  {
    name: 'Python zipfile',
    read: async (path) => JSON.parse(run('python3', ['-c', PYTHON, path])) as Found,
  },
  { name: 'Java ZipFile', read: async (path) => readWithJava('file', path) },
  {
    name: 'zip.js',
    read: async (path) => {
      const reader = new ZipReader(new BlobReader(await openAsBlob(path)), { checkSignature: true })
      const found: Found = {}
      for (const entry of await reader.getEntries()) {
        if (entry.directory) continue
        const hash = createHash('sha256')
        await entry.getData(
          new WritableStream({ write: (chunk: Uint8Array) => void hash.update(chunk) }),
        )
        found[entry.filename] = { size: entry.uncompressedSize, sha256: hash.digest('hex') }
      }
      return found
    },
  },
]

/** Reads from the front, without the directory at the end; refuses STORE with a data descriptor. */
export const javaStream: Reader = {
  name: 'Java ZipInputStream',
  read: async (path) => readWithJava('stream', path),
}
