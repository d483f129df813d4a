/** Where an app lives, and what of it opens, whichever of its pages exports it. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { at, exported, HTML, openSite } from './exported.ts'

beforeEach(openSite)
afterEach(() => vi.unstubAllGlobals())

const page = (path: string) => ({ url: at(path), body: path, headers: HTML })

it.each(['/notes/12', '/notes/', '/notes/of/2026/12'])('the app itself, from %s', async (path) => {
  const kept = { a: [page('/404.html'), page('/index.html')] }
  const { description, names, warnings } = await exported(kept, {}, at(path))
  expect(description).toMatchObject({ scope: at('/'), start: 'index.html' })
  expect(names).toContain('404.html')
  expect(warnings).toEqual([])
})

it('the nearest of two apps', async () => {
  const kept = { a: [page('/'), page('/app/index.html')] }
  const { description } = await exported(kept, {}, at('/app/notes/12'))
  expect(description).toMatchObject({ scope: at('/app/'), start: 'app/index.html' })
})

it('the app itself, if what was asked for is not there', async () => {
  const kept = { a: [page('/404.html'), page('/index.html')] }
  const { description, warnings } = await exported(kept, { start: '/none' }, at('/notes/12'))
  expect(description.start).toBe('index.html')
  expect(warnings).toEqual([expect.objectContaining({ code: 'bundle-left-out', url: at('/none') })])
})

it('is no folder that something else is in the place of', async () => {
  const kept = { a: [page('/notes.html'), { url: at('/') }] }
  const { description } = await exported(kept, {}, at('/notes/12'))
  expect(description).toMatchObject({ scope: at('/notes/'), start: 'notes.html' })
})

it('is of this origin, whatever base URL the page has', async () => {
  const kept = { a: [page('/'), { url: at('/a.txt') }] }
  const { description, names } = await exported(kept, {}, 'https://cdn.example/assets/')
  expect(description).toMatchObject({ origin: at(''), scope: at('/'), start: 'index.html' })
  expect(names).toContain('a.txt')
})
