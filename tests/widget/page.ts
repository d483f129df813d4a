/** As much of a page as the element needs, in Node: what it is made of, and what it asks of a browser. */

import { vi } from 'vitest'

/** What an element knows of its document. */
export interface FakeDocument {
  readonly baseURI: string
  readonly defaultView: { readonly CSSStyleSheet: new () => object } | null
}

/** What elements share with the rest of a tree. */
export class FakeElement extends EventTarget {
  static readonly observedAttributes: readonly string[] = []
  readonly dataset: Record<string, string> = {}
  readonly style: Record<string, string> = {}
  readonly classList = { toggle: () => undefined }
  readonly children: FakeElement[] = []
  ownerDocument: FakeDocument = { baseURI: 'https://app.test/', defaultView: globalThis }
  readonly baseURI = 'https://app.test/'
  isConnected = false
  hidden = false
  disabled = false
  open = false
  parent: FakeElement | undefined
  /** Its own: that of what is in it is not told. */
  textContent = ''
  readonly #attributes = new Map<string, string>()

  get childElementCount(): number {
    return this.children.length
  }
  get firstElementChild(): FakeElement | undefined {
    return this.children[0]
  }
  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null
  }
  setAttribute(name: string, value: string): void {
    const before = this.getAttribute(name)
    this.#attributes.set(name, value)
    this.#changed(name, before)
  }
  removeAttribute(name: string): void {
    const before = this.getAttribute(name)
    this.#attributes.delete(name)
    this.#changed(name, before)
  }
  hasAttribute(name: string): boolean {
    return this.#attributes.has(name)
  }
  toggleAttribute(name: string, there: boolean): void {
    if (there) this.setAttribute(name, '')
    else this.removeAttribute(name)
  }
  append(...nodes: (FakeElement | string)[]): void {
    for (const node of nodes) {
      if (typeof node === 'string') this.textContent += node
      else this.#place(node, this.children.length)
    }
  }
  after(...nodes: FakeElement[]): void {
    const { parent } = this
    for (const node of nodes.toReversed()) parent!.#place(node, parent!.children.indexOf(this) + 1)
  }
  replaceChildren(...nodes: FakeElement[]): void {
    for (const child of [...this.children]) child.remove()
    this.append(...nodes)
  }
  remove(): void {
    const index = this.parent?.children.indexOf(this) ?? -1
    if (index >= 0) this.parent!.children.splice(index, 1)
    this.parent = undefined
  }
  closest(selector: string): FakeElement | null {
    const hidden = selector === '[hidden]' && this.hidden
    return hidden ? this : (this.parent?.closest(selector) ?? null)
  }
  matches(selector: string): boolean {
    return selector === ':focus' && this.getRootNode().activeElement === this
  }
  querySelectorAll(): FakeElement[] {
    return []
  }
  getRootNode(): FakeElement {
    return this.parent?.getRootNode() ?? this
  }
  attachShadow(): FakeElement {
    return (this.shadow = new FakeElement())
  }
  shadow: FakeElement | undefined
  adoptedStyleSheets: unknown[] = []
  attachInternals(): object {
    return { states: new Set() }
  }
  activeElement: FakeElement | undefined
  focus(_: FocusOptions = {}): void {
    this.getRootNode().activeElement = this
  }

  #place(node: FakeElement, index: number): void {
    node.remove()
    this.children.splice(index, 0, node)
    node.parent = this
  }

  #changed(name: string, before: string | null): void {
    const { observedAttributes } = this.constructor as typeof FakeElement
    const { attributeChangedCallback: changed } = this as unknown as Partial<Callbacks>
    if (observedAttributes.includes(name))
      changed?.call(this, name, before, this.getAttribute(name))
  }
}

interface Callbacks {
  attributeChangedCallback(name: string, before: string | null, after: string | null): void
  connectedCallback(): void
  disconnectedCallback(): void
}

/** Puts `element` into the page, or takes it out. */
export function connect(element: object): void {
  Object.assign(element, { isConnected: true })
  ;(element as Callbacks).connectedCallback()
}
export function disconnect(element: object): void {
  Object.assign(element, { isConnected: false })
  ;(element as Callbacks).disconnectedCallback()
}

/** All in the shadow root of `element` whose `part` it is. */
export function parts(element: object, part: string): FakeElement[] {
  const within = (found: FakeElement): FakeElement[] => [
    ...(found.getAttribute('part') === part ? [found] : []),
    ...found.children.flatMap(within),
  ]
  return within((element as FakeElement).shadow!)
}

/** As the user does; `detail` is which click in a row it is, or 0 by keyboard. */
export function click(element: FakeElement, detail = 1): void {
  if (!element.disabled) element.dispatchEvent(Object.assign(new Event('click'), { detail }))
}

/** Lets everything happen that can, modules that are loaded late too. */
export const settled = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns++) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    await vi.dynamicImportSettled()
  }
}

class Observer {
  observe(): void {
    // nothing changes here but by the tests
  }
  disconnect(): void {
    // nothing is observed
  }
}

/** Everything is in view at once. */
class FakeIntersectionObserver extends Observer {
  readonly #seen: (entries: readonly object[]) => void
  #observes = false
  constructor(seen: (entries: readonly object[]) => void) {
    super()
    this.#seen = seen
  }
  override observe(): void {
    this.#observes = true
    setTimeout(() => this.#observes && this.#seen([{ isIntersecting: true }]))
  }
  override disconnect(): void {
    this.#observes = false
  }
}

Object.assign(globalThis, {
  HTMLElement: FakeElement,
  HTMLAnchorElement: class extends FakeElement {},
  ShadowRoot: class extends FakeElement {},
  CSSStyleSheet: class {
    replaceSync(): void {
      // nothing is styled here
    }
  },
  MutationObserver: Observer,
  ResizeObserver: Observer,
  IntersectionObserver: FakeIntersectionObserver,
  indexedDB: { databases: async () => [{ name: 'holdall' }] },
  document: {
    baseURI: 'https://app.test/',
    createElement: () => new FakeElement(),
    createElementNS: () => new FakeElement(),
  },
})
Object.defineProperty(globalThis, 'navigator', { value: { language: 'en' }, configurable: true })
