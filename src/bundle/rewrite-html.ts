/** A page as it is read from a disk: its links lead to the files beside it, and nothing asks for a server. */

import { html as standard } from 'parse5'
import { rewriteRefresh, rewriteSrcset } from './attribute-lists.ts'
import { encodingOf, encodingSaid } from './charset.ts'
import { holdingOf, isShown, type Holding } from './html-attributes.ts'
import type { Links } from './links.ts'
import { nodesOf, type Element, type Node } from './parse-html.ts'
import { rewriteCss } from './rewrite-css.ts'
import { attribute, isModule, scriptsOf, type ScriptPlan } from './scripts.ts'
import { Splices, type Span } from './splice.ts'

const { NS } = standard

/** A page for reading from a disk. */
export interface DiskPage {
  readonly html: string
  /** Whether it has scripts that browsers run from a server alone, and no classic ones in their place. */
  readonly needsServer: boolean
}

/** What a page is, beside its text. */
export interface PageKind {
  /** Whether it is a picture of what its scripts made: then it has none. Default: no. */
  readonly isStill?: boolean
  /** The encoding that it was in before it was in UTF-8, by its name. Default: that. */
  readonly encoding?: string
}

/** Documents in documents that are followed. */
const MOST_NESTED = 4

/**
 * `html` with the URLs of `links`, and without what breaks on a disk: its base URL (relative instead, where scripts stay
 * that may ask by it), security policies, `integrity` and `crossorigin` of files beside it (pages on a disk have no origin to share), and module
 * scripts where classic ones (`nomodule`) can run instead.
 *
 * Its scripts get a `charset` where they are in another encoding than UTF-8, as its own or a header told. All else stays
 * as it is, to the letter.
 *
 * @throws {TooIntricate}
 */
export function rewriteHtml(html: string, links: Links, kind: PageKind = {}): DiskPage {
  return new Rewriting(html, links, kind, 0).page()
}

class Rewriting {
  readonly #html: string
  readonly #nodes: readonly Node[]
  readonly #links: Links
  readonly #scripts: ScriptPlan
  /** The base URL of the page, if it has one still. */
  readonly #base: string | undefined
  readonly #kind: PageKind
  readonly #nested: number
  readonly #splices = new Splices()

  constructor(html: string, links: Links, kind: PageKind, nested: number, isFragment = false) {
    this.#html = html
    this.#nodes = nodesOf(html, isFragment)
    const elements = this.#nodes.filter(isElement)
    const [root] = this.#nodes
    const base = elements.find(
      (node) => node.tagName === 'base' && has(node, 'href') && rootOf(node) === root,
    )
    this.#scripts = scriptsOf(elements, kind.isStill === true)
    const href = base && attribute(base, 'href')!
    // scripts ask by it, too, and some of them will not do without
    const isKept = href !== undefined && nested === 0 && this.#scripts.someStay
    const kept = isKept ? links.keptOn(href) : undefined
    this.#links = kept?.links ?? (href === undefined ? links : links.basedOn(href))
    this.#base = kept?.base
    this.#kind = kind
    this.#nested = nested
  }

  page(): DiskPage {
    if (this.#base !== undefined) this.#setBase(this.#base)
    for (const node of this.#nodes) if (isElement(node)) this.#rewrite(node)
    return { html: this.#splices.apply(this.#html), needsServer: this.#scripts.needsServer }
  }

  #rewrite(element: Element): void {
    const { tagName: tag, sourceCodeLocation: location } = element
    if (!location) return // it is implied
    if (this.#scripts.dropped.has(element) || isPolicy(element)) {
      this.#splices.remove(location)
      return
    }
    if (tag === 'base') this.#drop(element, 'href')
    if (tag === 'html') this.#drop(element, 'manifest')
    let isBeside = false
    if (this.#scripts.enabled.has(element)) {
      this.#drop(element, 'nomodule')
      // Where Vite keeps the entry of its legacy build.
      isBeside = this.#set(element, 'data-src', 'url')
    }
    if (tag === 'style') this.#within(element, (css) => rewriteCss(css, this.#links))
    if (tag === 'noscript') this.#within(element, (text) => this.#nestedPage(text, true))
    if (tag === 'meta' && attribute(element, 'http-equiv')?.toLowerCase() === 'refresh') {
      this.#change(element, 'content', (content) => rewriteRefresh(content, this.#links))
    }
    const isHtml = element.namespaceURI === NS.HTML
    for (const { name, prefix } of element.attrs) {
      const key = prefix ? `${prefix}:${name}` : name
      const holding = holdingOf(tag, key, isHtml)
      if (this.#kind.isStill && isHandler(key)) this.#drop(element, key)
      else if (holding !== undefined) isBeside = this.#set(element, key, holding) || isBeside
    }
    if (isBeside && isHtml && tag === 'script') this.#keepEncoding(element)
    if (isBeside) for (const name of ['integrity', 'crossorigin']) this.#drop(element, name)
  }

  /** Puts a base URL before all that has URLs: what comes before it would be looked for beside the page. */
  #setBase(url: string): void {
    const first = this.#nodes.find(
      (node) => isElement(node) && !/^(?:html|head)$/.test(node.tagName) && node.sourceCodeLocation,
    )
    const start = first?.sourceCodeLocation?.startOffset ?? 0
    const text = `<base href="${escaped(url)}">`
    this.#splices.replace({ startOffset: start, endOffset: start }, text)
  }

  /** Rewrites an attribute. Returns whether it leads to a file of the bundle. */
  #set(element: Element, name: string, holding: Holding): boolean {
    let isInside = false
    this.#change(element, name, (value) => {
      switch (holding) {
        case 'url': {
          const link = isPlace(element, value)
            ? this.#links.toPlace(value)
            : this.#links.to(value, isNeeded(element, name))
          isInside = link?.found !== undefined
          return link?.url ?? value
        }
        case 'urls':
          return value
            .split(/\s+/)
            .map((url) => this.#links.to(url, false)?.url ?? url)
            .join(' ')
        case 'srcset': {
          const rewritten = rewriteSrcset(value, this.#links)
          isInside = rewritten.isInside
          return rewritten.value
        }
        case 'css':
          return rewriteCss(value, this.#links)
        case 'html':
          return this.#nestedPage(value)
      }
    })
    return isInside
  }

  /** @param isFragment Whether it is a part of this page, and no document of its own, which is in no encoding. */
  #nestedPage(html: string, isFragment = false): string {
    if (this.#nested === MOST_NESTED) return html
    const kind = isFragment ? this.#kind : { ...this.#kind, encoding: 'utf-8' }
    return new Rewriting(html, this.#links, kind, this.#nested + 1, isFragment).page().html
  }

  /** Says what a script is in, which its header or its page has said before (HTML, "prepare the script element"). */
  #keepEncoding(script: Element): void {
    const source = attribute(script, 'src') ?? attribute(script, 'data-src')
    const found = source === undefined ? undefined : this.#links.to(source, false)?.found
    const start = script.sourceCodeLocation?.startOffset
    if (found === undefined || start === undefined || isModule(script)) return
    const own = encodingOf(attribute(script, 'charset'))
    const encoding = encodingSaid(found.headers) ?? own ?? this.#kind.encoding ?? 'utf-8'
    if (encoding === (own ?? 'utf-8')) return
    const text = `charset="${encoding}"`
    const place = placeOf(script, 'charset')
    const end = start + '<script'.length
    if (place !== undefined) this.#splices.replace(place, text)
    else this.#splices.replace({ startOffset: end, endOffset: end }, ` ${text}`)
  }

  #change(element: Element, name: string, change: (value: string) => string): void {
    const value = attribute(element, name)
    const place = placeOf(element, name)
    if (value === undefined || place === undefined) return
    const changed = change(value)
    if (changed !== value) this.#splices.replace(place, `${name}="${escaped(changed)}"`)
  }

  #drop(element: Element, name: string): void {
    const place = placeOf(element, name)
    if (place === undefined) return
    // With the space before it, if there is one.
    const before = /\s/.test(this.#html[place.startOffset - 1] ?? '') ? 1 : 0
    this.#splices.remove({ ...place, startOffset: place.startOffset - before })
  }

  /** Rewrites the text in `element`. */
  #within(element: Element, change: (text: string) => string): void {
    if (element.namespaceURI !== NS.HTML) return this.#withinForeign(element, change)
    for (const { sourceCodeLocation: place } of element.childNodes) {
      if (!place) continue
      const text = this.#html.slice(place.startOffset, place.endOffset)
      const changed = change(text)
      if (changed !== text) this.#splices.replace(place, changed)
    }
  }

  /** Of SVG, in which it may be escaped, or stand in CDATA sections. */
  #withinForeign(element: Element, change: (text: string) => string): void {
    const { sourceCodeLocation: location, childNodes } = element
    const texts = childNodes.map((node) => ('value' in node ? node.value : undefined))
    if (!location?.startTag || !location.endTag || texts.includes(undefined)) return
    const text = texts.join('')
    const changed = change(text)
    if (changed === text) return
    const place = {
      startOffset: location.startTag.endOffset,
      endOffset: location.endTag.startOffset,
    }
    this.#splices.replace(place, changed.replaceAll('&', '&amp;').replaceAll('<', '&lt;'))
  }
}

function isElement(node: Node): node is Element {
  return 'tagName' in node
}

/** Whether an attribute is a script that answers an event. */
function isHandler(name: string): boolean {
  return /^on[a-z]/.test(name)
}

/** The page, or what a template holds: that is no part of the page. */
function rootOf(node: Node): Node {
  let root = node
  while ('parentNode' in root && root.parentNode !== null) root = root.parentNode
  return root
}

function has(element: Element, name: string): boolean {
  return attribute(element, name) !== undefined
}

/** Whether the page is not whole without what the attribute leads to. */
function isNeeded(element: Element, name: string): boolean {
  const isHtml = element.namespaceURI === NS.HTML
  return isShown(element.tagName, name, isHtml, attribute(element, 'rel') ?? '')
}

/** Whether `url` is a place that a base URL has a say in: only in links of HTML it has. */
function isPlace({ tagName }: Element, url: string): boolean {
  return (tagName === 'a' || tagName === 'area') && url.trim().startsWith('#')
}

/** A policy that was for a server's pages: on a disk, even its `'self'` is nothing. */
function isPolicy(element: Element): boolean {
  const equivalent = element.tagName === 'meta' ? attribute(element, 'http-equiv') : undefined
  return equivalent?.toLowerCase() === 'content-security-policy'
}

function placeOf({ sourceCodeLocation }: Element, name: string): Span | undefined {
  const places = sourceCodeLocation && 'attrs' in sourceCodeLocation ? sourceCodeLocation.attrs : {}
  return places?.[name]
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}
