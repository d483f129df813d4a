/** Links as people paste them: one on a line, the name for the archive after a space. */

import { linkItem, type Item } from './item.ts'

export interface PastedLinks {
  readonly items: readonly Item[]
  /** Lines that are no web address. */
  readonly rejected: readonly string[]
}

export function parseLinks(text: string): PastedLinks {
  const items: Item[] = []
  const rejected: string[] = []
  for (const line of text.split(/\r?\n/).map((raw) => raw.trim())) {
    if (line === '') continue
    const [, address = '', name = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? []
    const url = parseUrl(address)
    if (url === undefined) rejected.push(line)
    else items.push(linkItem(url, name === '' ? {} : { name }))
  }
  return { items, rejected }
}

/** Without a scheme it is an address on this site if it starts with a slash, else on another. */
function parseUrl(address: string): URL | undefined {
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.test(address)
  const here = /^\.{0,2}\//.test(address)
  const host = /^[\w-]+(?:\.[\w-]+)+(?:[/:?#]|$)/.test(address)
  if (!scheme && !here && !host) return undefined
  const base = location.href
  const whole = scheme || here ? address : `https://${address}`
  const url = URL.canParse(whole, base) ? new URL(whole, base) : undefined
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : undefined
}
