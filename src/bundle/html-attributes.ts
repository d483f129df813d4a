/** The attributes of HTML and SVG that hold URLs, and how they hold them. */

/** How an attribute holds URLs: one; some among spaces; a `srcset`; those of CSS; a document of its own. */
export type Holding = 'url' | 'urls' | 'srcset' | 'css' | 'html'

/** By the attribute's name, the elements where it is one; `*` for all. Obsolete ones work in browsers, too. */
const HOLDERS: Readonly<Record<string, readonly [holding: Holding, ...elements: string[]]>> = {
  action: ['url', 'form'],
  background: ['url', 'body', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr'],
  cite: ['url', 'blockquote', 'del', 'ins', 'q'],
  data: ['url', 'object'],
  formaction: ['url', 'button', 'input'],
  href: ['url', 'a', 'area', 'link'],
  imagesrcset: ['srcset', 'link'],
  longdesc: ['url', 'frame', 'iframe', 'img'],
  lowsrc: ['url', 'img'],
  ping: ['urls', 'a', 'area'],
  poster: ['url', 'video'],
  src: [
    'url',
    'audio',
    'embed',
    'frame',
    'iframe',
    'img',
    'input',
    'script',
    'source',
    'track',
    'video',
  ],
  srcdoc: ['html', 'iframe'],
  srcset: ['srcset', 'img', 'source'],
  style: ['css', '*'],
}

/** Presentation attributes of SVG that may refer to something. */
const OF_SVG: ReadonlySet<string> = new Set(
  'clip-path cursor fill filter marker marker-end marker-mid marker-start mask stroke'.split(' '),
)

/** How the attribute `name` of the element `tag` holds URLs, if it does. */
export function holdingOf(tag: string, name: string, isHtml: boolean): Holding | undefined {
  if (!isHtml && (name === 'href' || name === 'xlink:href')) return 'url'
  if (!isHtml && OF_SVG.has(name)) return 'css'
  const [holding, ...elements] = Object.hasOwn(HOLDERS, name) ? HOLDERS[name]! : []
  return elements.includes('*') || (isHtml && elements.includes(tag)) ? holding : undefined
}

/** Attributes whose URL is shown with the page; others only lead to it. */
const SHOWN: ReadonlySet<string> = new Set([
  'background',
  'data',
  'data-src',
  'lowsrc',
  'poster',
  'src',
])

/** Relations of links whose target a page needs (HTML, "link types": external resources). */
const NEEDED: ReadonlySet<string> = new Set(
  'stylesheet icon apple-touch-icon manifest preload modulepreload prefetch'.split(' '),
)

/** Whether the page needs what the attribute `name` of an element leads to. */
export function isShown(tag: string, name: string, isHtml: boolean, relations: string): boolean {
  if (!isHtml) return tag !== 'a'
  if (tag === 'link')
    return relations
      .toLowerCase()
      .split(/\s+/)
      .some((type) => NEEDED.has(type))
  return SHOWN.has(name)
}
