/** The element's attributes as properties: each reflects the other, as those of the platform's do. */

import type { OnError } from '../zip/plan.ts'

/** Absent where pages are only rendered to text: the module can be imported there all the same. */
const Base = (globalThis.HTMLElement ?? Object) as typeof HTMLElement

/** What `disabled` and the rest are in markup. */
export class AttributesElement extends Base {
  static readonly observedAttributes: readonly string[] = [
    'disabled',
    'for',
    'locale',
    'manifest',
    'missing',
    'name',
    'preload',
    'selectable',
  ]

  /** Name of the archive. Default: the manifest's, else `archive.zip`. */
  get name(): string {
    return this.getAttribute('name') ?? ''
  }
  set name(value: string) {
    reflect(this, 'name', value)
  }

  /** URL of a manifest of the files, relative to the page. */
  get manifest(): string {
    return this.getAttribute('manifest') ?? ''
  }
  set manifest(value: string) {
    reflect(this, 'manifest', value)
  }

  /** The attribute `for`: a selector of links, in the document or shadow root that the element is in. */
  get htmlFor(): string {
    return this.getAttribute('for') ?? ''
  }
  set htmlFor(value: string) {
    reflect(this, 'for', value)
  }

  /**
   * What becomes of files that cannot be had: `abort` fails the archive, `skip` leaves them out, and
   * `placeholder` puts a text in the place of each, that says so.
   */
  get missing(): OnError {
    const value = this.getAttribute('missing')?.toLowerCase()
    return value === 'skip' || value === 'placeholder' ? value : 'abort'
  }
  set missing(value: OnError) {
    reflect(this, 'missing', value)
  }

  /** Locale of words and numbers. Default: the nearest `lang`. */
  get locale(): string {
    return this.getAttribute('locale') ?? ''
  }
  set locale(value: string) {
    reflect(this, 'locale', value)
  }

  /** `metadata`: sizes are asked for when the element comes into view. `none`: not before the click. */
  get preload(): 'metadata' | 'none' {
    return this.getAttribute('preload')?.toLowerCase() === 'none' ? 'none' : 'metadata'
  }
  set preload(value: 'metadata' | 'none') {
    reflect(this, 'preload', value)
  }

  /** Whether some of the files can be left out. */
  get selectable(): boolean {
    return this.hasAttribute('selectable')
  }
  set selectable(value: boolean) {
    this.toggleAttribute('selectable', Boolean(value))
  }

  get disabled(): boolean {
    return this.hasAttribute('disabled')
  }
  set disabled(value: boolean) {
    this.toggleAttribute('disabled', Boolean(value))
  }
}

/** As the platform does, but for nothing at all: templates of frameworks take attributes away with it. */
function reflect(element: Element, name: string, value: string | null | undefined): void {
  if (value === null || value === undefined) element.removeAttribute(name)
  else element.setAttribute(name, value)
}

/** Properties that were set before the element was defined hide its own: sets them anew. */
export function takeEarlyProperties(element: HTMLElement): void {
  const early = element as unknown as Record<string, unknown>
  for (const [name, value] of Object.entries(early)) {
    if (!(name in Object.getPrototypeOf(element))) continue
    delete early[name]
    early[name] = value
  }
}
