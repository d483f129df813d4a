/** Makes elements of the shadow root, without HTML: policies may forbid scripts to write that. */

/** A child without a parent yet: `create('p', { part: 'detail' }, 'text')`. */
export function create<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}

/** Nothing is touched that is as it was: a selection of the user's stays. */
export function write(element: HTMLElement, words: string): void {
  if (element.textContent !== words) element.textContent = words
}
