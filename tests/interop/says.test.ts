/** What an archive says beside names and content: times, modes, links, comments. */

import { execFileSync } from 'node:child_process'
import { lstatSync, openAsBlob, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { BlobReader, ZipReader } from '@zip.js/zip.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { write, type Archive, type Entry } from './archives.ts'
import { javaSays, programOf, run, unpack, unpacked } from './readers.ts'
import { needsProgram, saw } from './seen.ts'

const summer = Date.UTC(2023, 6, 1, 3, 4, 5)
const winter = Date.UTC(1999, 11, 31, 23, 59, 59)

const entries: Entry[] = [
  {
    name: 'run.sh',
    mode: 0o755,
    lastModified: summer,
    comment: 'läuft',
    size: 10,
    content: '#!/bin/sh\n',
  },
  { name: 'private.txt', mode: 0o600, lastModified: winter, size: 6, content: 'secret' },
  { name: 'folder/', mode: 0o750, lastModified: summer },
  {
    name: 'folder/read-only.txt',
    mode: 0o444,
    lastModified: winter,
    size: 1,
    whole: true,
    content: 'x',
  },
  { name: 'folder/link', kind: 'symlink', size: 13, whole: true, content: 'read-only.txt' },
]

const TIMES = { 'run.sh': summer, 'private.txt': winter, 'folder/read-only.txt': winter }
const MODES = { 'run.sh': 0o755, 'private.txt': 0o600, 'folder/read-only.txt': 0o444 }

let archive: Archive
beforeAll(async () => {
  archive = await write(entries, { comment: 'über alles' })
})
afterAll(() => archive.remove())

describe.each(Object.entries(unpack))('%s', (name, extract) => {
  const reader = { name, needs: programOf(name) }
  // from the front nothing tells of modes and links: they stand in the directory at the end
  const fromFront = name === 'bsdtar, from a pipe'

  it('gives files their times, in UTC', async (context) => {
    await unpacked(
      (folder) => extract(archive.path, folder),
      (folder) => {
        for (const [file, time] of Object.entries(TIMES)) {
          expect([file, statSync(join(folder, file)).mtimeMs]).toEqual([file, time])
        }
      },
    )
    saw(context, 'beside', 'modification times, in UTC', reader)
  })

  it(fromFront ? 'finds no modes' : 'gives files their modes', async (context) => {
    await unpacked(
      (folder) => extract(archive.path, folder),
      (folder) => {
        const modes = Object.keys(MODES).map((file) => [
          file,
          statSync(join(folder, file)).mode & 0o777,
        ])
        if (fromFront) expect(new Set(modes.map(([, mode]) => mode)).size).toBe(1)
        else expect(Object.fromEntries(modes)).toEqual(MODES)
        expect(statSync(join(folder, 'folder')).isDirectory()).toBe(true)
      },
    )
    saw(context, 'beside', 'modes', reader, fromFront ? 'not there' : 'yes')
  })

  it(fromFront ? 'finds no links' : 'makes links', async (context) => {
    await unpacked(
      (folder) => extract(archive.path, folder),
      (folder) => {
        const link = join(folder, 'folder/link')
        expect(lstatSync(link).isSymbolicLink()).toBe(!fromFront)
        if (fromFront) expect(readFileSync(link, 'utf8')).toBe('read-only.txt')
        else expect(readlinkSync(link)).toBe('read-only.txt')
      },
    )
    saw(context, 'beside', 'symbolic links', reader, fromFront ? 'not there' : 'yes')
  })

  it('makes links out of their folder, or refuses them', async (context) => {
    const links: Entry[] = [
      { name: 'target.txt', size: 1, whole: true, content: 'x' },
      { name: 'folder/up', kind: 'symlink', size: 13, whole: true, content: '../target.txt' },
    ]
    const other = await write(links)
    const outcome = await unpacked(
      (folder) => extract(other.path, folder),
      (folder) => {
        const link = join(folder, 'folder/up')
        if (lstatSync(link).isSymbolicLink()) expect(readlinkSync(link)).toBe('../target.txt')
        return lstatSync(link).isSymbolicLink() ? 'yes' : 'not there'
      },
    )
      .catch((error: Error) => {
        // the others make them
        expect([name, error.message]).toEqual(['7-Zip', expect.stringMatching(/dangerous/i)])
        return 'no: thinks such links dangerous'
      })
      .finally(() => other.remove())
    saw(context, 'beside', 'symbolic links with `..` in them', reader, outcome)
  })
})

describe('Python zipfile', () => {
  it('finds modes, kinds and comments', (context) => {
    const script = `
import json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
print(json.dumps([archive.comment.decode(), [[i.filename, i.external_attr >> 16, i.comment.decode(), i.is_dir()] for i in archive.infolist()]]))
`
    expect(JSON.parse(run('python3', ['-c', script, archive.path]))).toEqual([
      'über alles',
      [
        ['run.sh', 0o100755, 'läuft', false],
        ['private.txt', 0o100600, '', false],
        ['folder/', 0o040750, '', true],
        ['folder/read-only.txt', 0o100444, '', false],
        ['folder/link', 0o120777, '', false],
      ],
    ])
    const reader = { name: 'Python zipfile', needs: 'python3' } as const
    saw(context, 'beside', 'modes', reader, 'given')
    saw(context, 'beside', 'symbolic links', reader, 'given')
    saw(context, 'beside', 'comments', reader)
  })
})

describe('zip.js', () => {
  it('finds times, modes, kinds and comments', async (context) => {
    const reader = new ZipReader(new BlobReader(await openAsBlob(archive.path)))
    const found = await reader.getEntries()
    expect(new TextDecoder().decode(reader.comment)).toBe('über alles')
    const said = found.map((entry) => [
      entry.filename,
      entry.directory,
      entry.comment,
      entry.externalFileAttributes >>> 16,
      entry.lastModDate.getTime(),
    ])
    expect(said).toEqual([
      ['run.sh', false, 'läuft', 0o100755, summer],
      ['private.txt', false, '', 0o100600, winter],
      ['folder/', true, '', 0o040750, summer],
      ['folder/read-only.txt', false, '', 0o100444, winter],
      ['folder/link', false, '', 0o120777, expect.any(Number)],
    ])
    const zipJs = { name: 'zip.js', needs: '@zip.js/zip.js' } as const
    saw(context, 'beside', 'modification times, in UTC', zipJs)
    saw(context, 'beside', 'modes', zipJs, 'given')
    saw(context, 'beside', 'symbolic links', zipJs, 'given')
    saw(context, 'beside', 'comments', zipJs)
  })
})

describe('Java ZipFile', () => {
  const reader = { name: 'Java ZipFile', needs: 'java' } as const

  it('finds times and comments', (context) => {
    needsProgram(context, reader)
    const said = javaSays('file', archive.path).map(({ name, time, comment }) => [
      name,
      time,
      comment,
    ])
    expect(said.slice(0, 3)).toEqual([
      ['run.sh', summer, 'läuft'],
      ['private.txt', winter, ''],
      ['folder/', summer, ''],
    ])
    saw(context, 'beside', 'modification times, in UTC', reader)
    saw(context, 'beside', 'comments', reader)
  })
})

describe('Java ZipInputStream', () => {
  const reader = { name: 'Java ZipInputStream', needs: 'java' } as const

  it('finds times, and no comments', (context) => {
    needsProgram(context, reader)
    const said = javaSays('stream', archive.path).map(({ name, time, comment }) => [
      name,
      time,
      comment,
    ])
    expect(said.slice(0, 3)).toEqual([
      ['run.sh', summer, ''],
      ['private.txt', winter, ''],
      ['folder/', summer, ''],
    ])
    saw(context, 'beside', 'modification times, in UTC', reader)
    saw(context, 'beside', 'comments', reader, 'not there')
  })
})

describe('unzip', () => {
  it('shows the comments of files and archive', (context) => {
    expect(run('unzip', ['-z', archive.path])).toContain('über alles')
    expect(run('unzip', ['-Z', '-v', archive.path])).toContain('läuft')
    saw(context, 'beside', 'comments', { name: 'Info-ZIP unzip', needs: 'unzip' })
  })
})

describe('the clock of DOS', () => {
  it('shows the local time of who packed', (context) => {
    const local = new Date(summer)
    const shown = execFileSync('python3', [
      '-c',
      'import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).infolist()[0].date_time)',
      archive.path,
    ])
    expect(shown.toString().trim()).toBe(
      [
        local.getFullYear(),
        local.getMonth() + 1,
        local.getDate(),
        local.getHours(),
        local.getMinutes(),
        local.getSeconds() & ~1,
      ].join(' '),
    )
    const reader = { name: 'Python zipfile', needs: 'python3' } as const
    const outcome = 'no: gives the DOS time, which has no zone'
    saw(context, 'beside', 'modification times, in UTC', reader, outcome)
  })
})
