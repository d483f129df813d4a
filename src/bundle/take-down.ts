/** A page that is shown, as HTML, with what it has beside its elements. */

import { Watchdog } from '../sources/request.ts'
import { Links } from './links.ts'
import { rewriteCss } from './rewrite-css.ts'

/** How long what a page shows may be asked for once more, in ms. */
const LONGEST = 5000

/** The largest that becomes a part of its page, in bytes. */
const LARGEST = 8 * 1024 * 1024

/** URLs that end with the page which made them; in attributes, quotes of CSS are `&quot;`, and commas part those of `srcset`. */
const OF_PAGE = /\bblob:https?:\/\/[^\s"'()<>\\&,;]+/g

/** The tree of a page, or a shadow tree in it. */
type Tree = Document | ShadowRoot

/**
 * `page` as HTML: with its shadow trees, the rules that scripts have made, and the content of URLs that end with it (`blob:`).
 * The page is of no use after that.
 *
 * @returns It, and whether such URLs are left in it.
 * @throws The reason of `signal`.
 */
export async function takenDown(
  page: Document,
  signal: AbortSignal,
): Promise<{ html: string; hasDeadUrls: boolean }> {
  const watchdog = new Watchdog(LONGEST, signal)
  try {
    const taken = await watchdog.watch(written(page, watchdog.signal))
    signal.throwIfAborted()
    return taken
  } finally {
    watchdog.end(undefined)
  }
}

/** @param until Ends what is asked for. */
async function written(
  page: Document,
  until: AbortSignal,
): Promise<{ html: string; hasDeadUrls: boolean }> {
  const trees = treesOf(page)
  const texts = await textsOfSheets(trees, until)
  for (const tree of trees) writeRules(tree, page, texts)
  const html = serialized(page, trees)
  const contents = new Map<string, string>()
  for (const [url] of html.matchAll(OF_PAGE)) {
    if (!contents.has(url)) contents.set(url, await asData(url, until).catch(() => url))
  }
  return {
    html: html.replaceAll(OF_PAGE, (url) => contents.get(url)!),
    hasDeadUrls: [...contents].some(([url, content]) => content === url),
  }
}

function treesOf(tree: Tree): Tree[] {
  const inner = Array.from(tree.querySelectorAll('*'), ({ shadowRoot }) => shadowRoot)
  return [tree, ...inner.filter((root) => root !== null).flatMap(treesOf)]
}

function sheetElements(tree: Tree): (HTMLStyleElement | HTMLLinkElement)[] {
  return [...tree.querySelectorAll<HTMLStyleElement>('style, link[rel~="stylesheet" i]')]
}

/** What linked style sheets were before scripts could change them, by their URLs, where that is to be had. */
async function textsOfSheets(
  trees: readonly Tree[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const urls = trees.flatMap((tree) => sheetElements(tree).map(({ sheet }) => sheet?.href))
  const asked = Array.from(new Set(urls), async (url): Promise<[string, string] | undefined> => {
    if (url === null || url === undefined) return undefined
    const response = await fetch(url, { cache: 'force-cache', signal })
    return response.ok ? [url, await response.text()] : undefined
  })
  const found = await Promise.all(asked.map((text) => text.catch(() => undefined)))
  return new Map(found.filter((text) => text !== undefined))
}

/** Writes rules that only scripts see into the tree. */
function writeRules(tree: Tree, page: Document, texts: ReadonlyMap<string, string>): void {
  for (const element of sheetElements(tree)) {
    const { sheet } = element
    const before = sheet?.href ? texts.get(sheet.href) : element.textContent
    if (!sheet || sheet.disabled || before === undefined || !isChanged(sheet, before, page))
      continue
    if (sheet.href === null) element.textContent = textOf(sheet)
    else {
      const links = new Links('', sheet.href, () => undefined)
      element.replaceWith(styleWith(rewriteCss(textOf(sheet), links), element.media, page))
    }
  }
  const parent = 'head' in tree ? tree.head : tree
  for (const sheet of tree.adoptedStyleSheets) parent.append(styleWith(textOf(sheet), '', page))
}

function styleWith(text: string, media: string, page: Document): HTMLStyleElement {
  const style = page.createElement('style')
  style.textContent = text
  if (media !== '') style.media = media
  return style
}

/** Whether `sheet` has other rules than `text`; what it imports is its own affair. */
function isChanged(sheet: CSSStyleSheet, text: string, { defaultView }: Document): boolean {
  const rules = rulesOf(sheet)
  if (rules === undefined || defaultView === null) return false
  const parsed = new (defaultView as Window & typeof globalThis).CSSStyleSheet()
  parsed.replaceSync(text)
  const own = rules.filter((rule) => !rule.cssText.startsWith('@import'))
  return textOfRules(own) !== textOf(parsed)
}

/** `undefined` if it is of another site, which no page may read. */
function rulesOf(sheet: CSSStyleSheet): CSSRule[] | undefined {
  try {
    return [...sheet.cssRules]
  } catch {
    return undefined
  }
}

function textOf(sheet: CSSStyleSheet): string {
  return textOfRules([...sheet.cssRules])
}

/** As text of an element, which a string in it must not end. */
function textOfRules(rules: readonly CSSRule[]): string {
  return rules.map(({ cssText }) => cssText.replaceAll('</', '<\\/')).join('\n')
}

function serialized(page: Document, trees: readonly Tree[]): string {
  const shadowRoots = trees.filter((tree) => 'host' in tree)
  const root = page.documentElement
  // Declarative shadow trees; engines without `getHTML` leave them out.
  const inner = root.getHTML?.({ shadowRoots }) ?? root.innerHTML
  const outer = root.cloneNode(false) as Element
  const [start] = outer.outerHTML.split('</html>', 1)
  return `${doctypeOf(page)}${start}${inner}</html>`
}

function doctypeOf({ doctype }: Document): string {
  return doctype === null ? '' : `${new XMLSerializer().serializeToString(doctype)}\n`
}

/** What `url` gives, as a URL that holds it. */
async function asData(url: string, signal: AbortSignal): Promise<string> {
  const blob = await (await fetch(url, { signal })).blob()
  if (blob.size > LARGEST) return url
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  }
  const [type] = /^[\w.+/-]+/.exec(blob.type) ?? ['']
  return `data:${type};base64,${btoa(text)}`
}
