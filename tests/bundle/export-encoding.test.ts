/** Texts whose encoding a header says alone: a disk has no headers. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Kept } from './cache-storage.ts'
import { at, exported, openSite } from './exported.ts'

beforeEach(openSite)
afterEach(() => vi.unstubAllGlobals())

const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (character) => character.charCodeAt(0))

it.each([
  ['/s.css', 'text/css; charset=iso-8859-1', 'a{b:"\xe4"}', 's.css'],
  ['/', 'text/html; charset=windows-1252', '<meta charset=utf-8>\xe4', 'index.html'],
])('are in UTF-8 in the tree: %s', async (path, type, body, name) => {
  const kept: Kept = { url: at(path), body: bytes(body), headers: { 'Content-Type': type } }
  const { names, text } = await exported({ a: [kept] })
  expect(names).toContain(`holdall-bundle/originals/${name}`)
  expect(await text(name)).toBe(body)
})

it('of a style sheet in UTF-8 may stay with the header', async () => {
  const headers = { 'Content-Type': 'text/css; charset=utf-8' }
  const { names } = await exported({ a: [{ url: at('/s.css'), body: 'a{b:"ä"}', headers }] })
  expect(names).not.toContain('holdall-bundle/originals/s.css')
})

it('are looked for in a route no further than a parser goes', async () => {
  const formats = Array.from({ length: 50 }, (_, index) => `<b a${index}>`).join('')
  const headers = { 'Content-Type': 'text/html' }
  const body = `<p>${formats}${'<p>a'.repeat(300)}`
  const { warnings } = await exported({ a: [{ url: at('/'), body, headers }] }, { routes: ['/'] })
  expect(warnings).toEqual([
    expect.objectContaining({ code: 'bundle-not-rewritten', url: at('/') }),
  ])
})

it('of a style sheet that says nothing are in the encoding of the pages', async () => {
  const kept: Kept[] = [
    { url: at('/a.css'), body: bytes('a{b:"\xe4"}'), headers: { 'Content-Type': 'text/css' } },
    {
      url: at('/'),
      body: '<meta charset=windows-1251><link rel=stylesheet href=a.css>',
      headers: { 'Content-Type': 'text/html' },
    },
  ]
  const { text } = await exported({ a: kept })
  expect(await text('a.css')).toBe('a{b:"д"}')
})

it('of scripts stay what they were in', async () => {
  const kept: Kept[] = [
    { url: at('/a.js'), body: bytes('a("\xe4")'), headers: { 'Content-Type': 'text/javascript' } },
    {
      url: at('/'),
      body: '<meta charset=windows-1251><script src=a.js></script>',
      headers: { 'Content-Type': 'text/html' },
    },
  ]
  const { text } = await exported({ a: kept })
  expect(await text('index.html')).toContain('<script charset="windows-1251" src="./a.js">')
})
