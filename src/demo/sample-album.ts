/** The album that comes with the demo: a manifest, read as the package itself would read it. */

import { linkItem, textItem, type Item, type LinkFacts } from './item.ts'

interface Album {
  readonly name: string
  readonly files: readonly (LinkFacts & { readonly url: string })[]
}

export interface NamedItems {
  readonly name: string
  readonly items: readonly Item[]
}

/** @throws {Error} In words, if the album cannot be loaded. */
export async function loadSampleAlbum(): Promise<NamedItems> {
  const url = new URL('samples/manifest.json', document.baseURI)
  const response = await fetch(url)
  if (!response.ok || !/json/.test(response.headers.get('Content-Type') ?? '')) {
    const answer = response.ok ? 'is no JSON' : `answered ${response.status}`
    throw new Error(`Cannot load the sample album: ${url.pathname} ${answer}`)
  }
  const { name, files } = (await response.json()) as Album
  return { name, items: files.map((file) => linkItem(new URL(file.url, url), file)) }
}

/** Notes made at once: so few that the page stays responsive. */
const BATCH = 1000

/** Ten thousand small files: what lists, plans and directories are slow at. */
export async function manyNotes(count = 10_000): Promise<NamedItems> {
  const items: Item[] = []
  for (let index = 0; index < count; index++) {
    if (index % BATCH === 0) await new Promise((resolve) => setTimeout(resolve))
    const number = String(index + 1).padStart(5, '0')
    const path = `Notes/${number.slice(0, 3)}xx/Note ${number}.txt`
    items.push(textItem(path, `Note ${number}\n${'holdall '.repeat(index % 64)}\n`))
  }
  return { name: 'Notes', items }
}
