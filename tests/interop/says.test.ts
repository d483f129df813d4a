/** What an archive says beside names and content: times, modes, links, comments. */

import { execFileSync } from 'node:child_process'
import { lstatSync, openAsBlob, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { BlobReader, ZipReader } from '@zip.js/zip.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { write, type Archive, type Entry } from './archives.ts'
import { hasJava, javaSays, run, unpack, unpacked } from './readers.ts'

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
  // From the front nothing tells of modes and links: they stand in the directory at the end.
  const whole = name !== 'bsdtar, from a pipe'

  it('gives files their times, in UTC', async () => {
    await unpacked(
      (folder) => extract(archive.path, folder),
      (folder) => {
        for (const [file, time] of Object.entries(TIMES)) {
          expect([file, statSync(join(folder, file)).mtimeMs]).toEqual([file, time])
        }
      },
    )
  })

  if (!whole) return
  it('gives files their modes, and makes links', async () => {
    await unpacked(
      (folder) => extract(archive.path, folder),
      (folder) => {
        for (const [file, mode] of Object.entries(MODES)) {
          expect([file, statSync(join(folder, file)).mode & 0o777]).toEqual([file, mode])
        }
        expect(statSync(join(folder, 'folder')).isDirectory()).toBe(true)
        expect(lstatSync(join(folder, 'folder/link')).isSymbolicLink()).toBe(true)
        expect(readlinkSync(join(folder, 'folder/link'))).toBe('read-only.txt')
      },
    )
  })
})

describe('Python zipfile', () => {
  it('finds modes, kinds and comments', () => {
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
  })
})

describe('zip.js', () => {
  it('finds times, modes, kinds and comments', async () => {
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
    expect(said.slice(0, 3)).toEqual([
      ['run.sh', false, 'läuft', 0o100755, summer],
      ['private.txt', false, '', 0o100600, winter],
      ['folder/', true, '', 0o040750, summer],
    ])
  })
})

describe.skipIf(!hasJava)('Java ZipFile', () => {
  it('finds times and comments', () => {
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
  })
})

describe.skipIf(!hasJava)('Java ZipInputStream', () => {
  it('finds times', () => {
    const said = javaSays('stream', archive.path).map(({ name, time }) => [name, time])
    expect(said.slice(0, 3)).toEqual([
      ['run.sh', summer],
      ['private.txt', winter],
      ['folder/', summer],
    ])
  })
})

describe('unzip', () => {
  it('shows the comment of the archive', () => {
    expect(run('unzip', ['-z', archive.path])).toContain('über alles')
  })
})

describe('the clock of DOS', () => {
  it('shows the local time of who packed', () => {
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
  })
})
