/** Programs that read archives, each by itself: what they find, or what they complain of. */

import { execFileSync, spawnSync, type StdioOptions } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Reader as RandomAccess, ZipReader } from '@zip.js/zip.js'
import { openPromise } from 'yauzl'
import { scratch } from '../../scripts/scratch.mjs'
import { findReaders } from '../../scripts/setup.mjs'

/** What a reader found: of each file its size and sha256, by name. */
export type Found = Record<string, { size: number; sha256: string }>

export interface Reader {
  readonly name: string
  /** The program that it takes, or the package. */
  readonly needs: Needs
  /** Reads every byte. Throws if the program finds anything to complain of. */
  read(path: string): Promise<Found>
  /**
   * As `read`, with nothing but the program's own look at sizes and CRC-32. Default: `read`.
   *
   * @returns How many bytes of content it has given, if it gives them: one that reads from the front can end early.
   */
  check?(path: string): number | undefined
  /** SHA-256 of the contents of all files, one after the other, as it gives them without unpacking. */
  pour?(path: string): string
}

const programs = findReaders()

type ReaderName = keyof typeof programs

/** Packages are always here, programs may be absent. */
const packages = ['@zip.js/zip.js', 'yauzl'] as const

export type Needs = ReaderName | (typeof packages)[number]

/** Names are UTF-8 whatever the locale of who runs the suite, and the time zone is not UTC. */
const env = {
  ...process.env,
  LC_ALL: process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8',
  TZ: 'Asia/Tokyo',
}

/** Why a reader cannot be tried, if it cannot: some programs are not for every system. */
export function unreadable(needs: Needs): string | undefined {
  return isPackage(needs) || programs[needs] !== undefined ? undefined : `${needs} is not here`
}

function isPackage(needs: Needs): needs is (typeof packages)[number] {
  return (packages as readonly string[]).includes(needs)
}

/** With what a program says its version; funzip does not, and comes with unzip. */
const VERSION: Readonly<Record<ReaderName, readonly [ReaderName, ...string[]]>> = {
  unzip: ['unzip', '-v'],
  funzip: ['unzip', '-v'],
  '7z': ['7z', 'i'],
  bsdtar: ['bsdtar', '--version'],
  python3: ['python3', '-V'],
  busybox: ['busybox'],
  java: ['java', '-version'],
}

const versions = new Map<Needs, string>()

/** The version of a program or package that is here. */
export function version(needs: Needs): string {
  const known = versions.get(needs)
  if (known !== undefined) return known
  const found = isPackage(needs) ? versionOfPackage(needs) : versionOfProgram(needs)
  versions.set(needs, found)
  return found
}

function versionOfPackage(name: string): string {
  const path = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

function versionOfProgram(name: ReaderName): string {
  const [asked, ...args] = VERSION[name]
  // Java says it on standard error
  const { stdout, stderr } = spawnSync(program(asked), args, { encoding: 'utf8', env, input: '' })
  const [found] = /\d+(?:\.\d+)+/.exec(stdout + stderr) ?? []
  if (found === undefined) throw new Error(`${asked} does not say its version: ${stdout}${stderr}`)
  return found
}

/** Runs a reader, and gives what it prints. Throws what it complains of. */
export function run(name: keyof typeof programs, args: readonly string[]): string {
  const options = { encoding: 'utf8', maxBuffer: 1 << 28, stdio: 'pipe', env, input: '' } as const
  return execFileSync(program(name), args, options)
}

/** Has a shell run `script`, in which `$0` is a reader and `$1` and so on are `args`. */
function shell(name: keyof typeof programs, script: string, args: readonly string[]): Buffer {
  return execFileSync('bash', ['-o', 'pipefail', '-c', script, program(name), ...args], {
    maxBuffer: 1 << 28,
    stdio: 'pipe',
    env,
  })
}

function program(name: keyof typeof programs): string {
  const path = programs[name]
  if (path === undefined) throw new Error(`Cannot find ${name}: run node scripts/setup.mjs`)
  return path
}

async function sha256(path: string, size: number): Promise<string> {
  const hash = createHash('sha256')
  if (size < 1 << 20) return hash.update(readFileSync(path)).digest('hex')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer)
  }
  return hash.digest('hex')
}

/** Has `extract` unpack into a new folder, and `look` at what is there. */
export async function unpacked<T>(
  extract: (folder: string) => void,
  look: (folder: string) => T | Promise<T>,
): Promise<T> {
  const folder = scratch('unpacked')
  try {
    extract(folder)
    return await look(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The files in `folder`; links count as their target. */
async function filesIn(folder: string): Promise<Found> {
  const found: Found = {}
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    const status = lstatSync(path)
    if (status.isSymbolicLink()) {
      const target = readlinkSync(path)
      const digest = createHash('sha256').update(target).digest('hex')
      found[name] = { size: target.length, sha256: digest }
    }
    if (status.isFile()) {
      found[name] = { size: status.size, sha256: await sha256(path, status.size) }
    }
  }
  return found
}

const PYTHON = `
import hashlib, json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
found = {}
for info in archive.infolist() if len(sys.argv) == 2 else []:
    if info.is_dir(): continue
    hash = hashlib.sha256()
    with archive.open(info) as file:
        while block := file.read(1 << 20): hash.update(block)
    found[info.filename] = { 'size': info.file_size, 'sha256': hash.hexdigest() }
print(json.dumps(found))
`

const source = fileURLToPath(new URL('./Read.java', import.meta.url))
let compiled: string | undefined

/** The folder with Read.class; it is compiled once, which takes longer than most archives. */
function classes(): string {
  if (compiled !== undefined) return compiled
  const folder = mkdtempSync(join(tmpdir(), 'holdall-java-'))
  process.on('exit', () => rmSync(folder, { recursive: true }))
  run('java', ['--module', 'jdk.compiler/com.sun.tools.javac.Main', '-d', folder, source])
  return (compiled = folder)
}

/** What `java.util.zip` says of each entry of an archive. */
export function javaSays(
  mode: 'file' | 'stream' | 'check',
  path: string,
): { name: string; size: number; sha256: string; time: number; comment: string }[] {
  const settings = ['-Dfile.encoding=UTF-8', '-Duser.timezone=Asia/Tokyo']
  const lines = run('java', [...settings, '-cp', classes(), 'Read', mode, path])
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', size, digest = '', time, comment = ''] = line.split('\t')
      return { name, size: Number(size), sha256: digest, time: Number(time), comment }
    })
}

function filesByJava(mode: 'file' | 'stream', path: string): Found {
  const files = javaSays(mode, path).filter(({ name }) => !name.endsWith('/'))
  return Object.fromEntries(
    files.map(({ name, size, sha256: digest }) => [name, { size, sha256: digest }]),
  )
}

/** 7-Zip warns and goes on where others stop, so its warnings count. */
function sevenZip(args: readonly string[]): void {
  const output = run('7z', args)
  if (/warning|error/i.test(output.replace(/^Path = .*$/gm, '').replace(/Errors?: 0/g, ''))) {
    throw new Error(output)
  }
}

/** How each program that unpacks is told to. */
export const unpack: Readonly<Record<string, (path: string, folder: string) => void>> = {
  'Info-ZIP unzip': (path, folder) => run('unzip', ['-qq', path, '-d', folder]),
  '7-Zip': (path, folder) => sevenZip(['x', '-bd', `-o${folder}`, path]),
  bsdtar: (path, folder) => run('bsdtar', ['-xpf', path, '-C', folder]),
  'bsdtar, from a pipe': (path, folder) =>
    void shell('bsdtar', 'cat "$1" | "$0" -xf - -C "$2"', [path, folder]),
}

/** What one of `unpack` needs. */
export function programOf(name: string): Needs {
  return [...readers, pipe].find((reader) => reader.name === name)!.needs
}

function unpackWithBusybox(path: string, folder: string): void {
  // what it cannot make out it passes over, and says nothing
  const listed = run('busybox', ['unzip', '-l', path])
  if (/\d\d:\d\d {3}$/m.test(listed)) throw new Error(`It finds no names:\n${listed}`)
  run('busybox', ['unzip', '-q', path, '-d', folder])
}

/**
 * A program that unpacks, and with that checks sizes and CRC-32; some can do so without unpacking.
 *
 * @param pour For a shell: has `$0` write the contents of all files in `$1` to standard output.
 */
function unpacker(
  name: string,
  needs: ReaderName,
  pour: string,
  check: (path: string) => number | undefined = (path) =>
    Number(shell(needs, `${pour} | wc -c`, [path])),
  checksFirst = false,
): Reader {
  return {
    name,
    needs,
    check,
    pour: (path) =>
      createHash('sha256')
        .update(shell(needs, pour, [path]))
        .digest('hex'),
    read: async (path) => {
      if (checksFirst) check(path)
      return unpacked((folder) => unpack[name]!(path, folder), filesIn)
    },
  }
}

/** A file for zip.js: a Blob of Node's is wrong from 4 GiB on. */
class FileOnDisk extends RandomAccess<FileHandle> {
  readonly #file: FileHandle

  constructor(file: FileHandle, size: number) {
    super(file)
    this.#file = file
    this.size = size
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const { buffer, bytesRead } = await this.#file.read(new Uint8Array(length), 0, length, index)
    return buffer.subarray(0, bytesRead)
  }
}

async function readWithZipJs(path: string): Promise<Found> {
  const file = await open(path)
  try {
    const source = new FileOnDisk(file, statSync(path).size)
    const reader = new ZipReader(source, { checkSignature: true })
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
  } finally {
    await file.close()
  }
}

/** These read every archive, but for an empty one, of which unzip warns. */
export const readers: readonly Reader[] = [
  unpacker(
    'Info-ZIP unzip',
    'unzip',
    '"$0" -p "$1"',
    (path) => void run('unzip', ['-tqq', path]),
    true,
  ),
  unpacker('7-Zip', '7z', '"$0" e -so "$1"', (path) => void sevenZip(['t', path]), true),
  unpacker('bsdtar', 'bsdtar', '"$0" -xOf "$1"'),
  {
    name: 'Python zipfile',
    needs: 'python3',
    check: (path) => void run('python3', ['-c', PYTHON, path, 'check']),
    read: async (path) => JSON.parse(run('python3', ['-c', PYTHON, path])) as Found,
  },
  {
    name: 'zip.js',
    needs: '@zip.js/zip.js',
    read: readWithZipJs,
  },
  {
    name: 'yauzl',
    needs: 'yauzl',
    read: async (path) => {
      const archive = await openPromise(path, { strictFileNames: true })
      const found: Found = {}
      for await (const entry of archive.eachEntry()) {
        if (entry.fileName.endsWith('/')) continue
        const hash = createHash('sha256')
        let size = 0
        for await (const chunk of await archive.openReadStreamPromise(entry)) {
          hash.update(chunk as Buffer)
          size += (chunk as Buffer).length
        }
        found[entry.fileName] = { size, sha256: hash.digest('hex') }
      }
      return found
    },
  },
  {
    name: 'Java ZipFile',
    needs: 'java',
    read: async (path: string) => filesByJava('file', path),
  },
  {
    name: 'busybox unzip',
    needs: 'busybox',
    read: (path) => unpacked((folder) => unpackWithBusybox(path, folder), filesIn),
  },
]

/** Reads from the front, without the directory at the end. */
export const pipe: Reader = unpacker('bsdtar, from a pipe', 'bsdtar', 'cat "$1" | "$0" -xOf -')

/** Likewise; refuses STORE with a descriptor, and takes a descriptor of 64 bits for one of 32. */
export const javaStream: Reader = {
  name: 'Java ZipInputStream',
  needs: 'java',
  read: async (path) => filesByJava('stream', path),
  check: (path) => javaSays('check', path).reduce((sum, { size }) => sum + size, 0),
}

/** Gives the first file alone, from a pipe, and not its name. */
export const first: Reader = {
  name: 'funzip',
  needs: 'funzip',
  read: async (path) => {
    const file = openSync(path, 'r')
    const stdio: StdioOptions = [file, 'pipe', 'pipe']
    try {
      const bytes = execFileSync(program('funzip'), [], { maxBuffer: 1 << 28, stdio, env })
      const digest = createHash('sha256').update(bytes).digest('hex')
      return { first: { size: bytes.length, sha256: digest } }
    } finally {
      closeSync(file)
    }
  },
}
