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
    this.setAttribute('name', value)
  }

  /** URL of a manifest of the files, relative to the page. */
  get manifest(): string {
    return this.getAttribute('manifest') ?? ''
  }
  set manifest(value: string) {
    this.setAttribute('manifest', value)
  }

  /** The attribute `for`: a selector of links, in the document or shadow root that the element is in. */
  get htmlFor(): string {
    return this.getAttribute('for') ?? ''
  }
  set htmlFor(value: string) {
    this.setAttribute('for', value)
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
    this.setAttribute('missing', value)
  }

  /** Locale of words and numbers. Default: the nearest `lang`. */
  get locale(): string {
    return this.getAttribute('locale') ?? ''
  }
  set locale(value: string) {
    this.setAttribute('locale', value)
  }

  /** `metadata`: sizes are asked for when the element comes into view. `none`: nothing before the click. */
  get preload(): 'metadata' | 'none' {
    return this.getAttribute('preload')?.toLowerCase() === 'none' ? 'none' : 'metadata'
  }
  set preload(value: 'metadata' | 'none') {
    this.setAttribute('preload', value)
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

/** Properties that were set before the element was defined hide its own: sets them anew. */
export function takeEarlyProperties(element: HTMLElement, names: readonly string[]): void {
  const early = element as unknown as Record<string, unknown>
  for (const name of names) {
    if (!Object.hasOwn(element, name)) continue
    const value = early[name]
    delete early[name]
    early[name] = value
  }
}
