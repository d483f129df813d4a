/** Which scripts of a page can run from a disk: browsers load no modules from there. */

import type { Element } from './parse-html.ts'

/** What becomes of a page's scripts. */
export interface ScriptPlan {
  /** Elements that are left out. */
  readonly dropped: ReadonlySet<Element>
  /** Scripts for browsers without modules, which are to run in all. */
  readonly enabled: ReadonlySet<Element>
  /** Whether some cannot run, and no others can in their place. */
  readonly needsServer: boolean
  /** Whether some stay, wherever they can run. */
  readonly someStay: boolean
}

/** What only modules have use for. */
const FOR_MODULES: ReadonlySet<string> = new Set(['modulepreload'])

/**
 * Where a page has classic scripts for browsers that know no modules (`nomodule`, as of Vite's legacy
 * build), these run, and the modules go. Else modules stay, which a server can still give. Such scripts that load
 * nothing are no app by themselves: they tell visitors to get another browser.
 *
 * @param isStill Whether none is to run.
 */
export function scriptsOf(elements: readonly Element[], isStill: boolean): ScriptPlan {
  const scripts = elements.filter(({ tagName }) => tagName === 'script')
  const preloads = elements.filter((element) =>
    FOR_MODULES.has(attribute(element, 'rel')?.toLowerCase() ?? ''),
  )
  if (isStill) {
    const ran = scripts.filter((script) => isModule(script) || isClassic(script))
    const dropped = new Set([...ran, ...preloads])
    return { dropped, enabled: new Set(), needsServer: false, someStay: false }
  }
  const modules = scripts.filter(isModule)
  const fallbacks = scripts.filter((script) => attribute(script, 'nomodule') !== undefined)
  if (modules.length > 0 && fallbacks.some(loadsFile)) {
    const dropped = new Set([...modules, ...preloads])
    return { dropped, enabled: new Set(fallbacks), needsServer: false, someStay: true }
  }
  const someStay = modules.length > 0 || scripts.some(isClassic)
  return { dropped: new Set(), enabled: new Set(), needsServer: modules.some(loads), someStay }
}

export function isModule(script: Element): boolean {
  return attribute(script, 'type')?.trim().toLowerCase() === 'module'
}

/** Of a type that browsers run, that is; data of pages stays. */
function isClassic(script: Element): boolean {
  const type = attribute(script, 'type')?.trim().toLowerCase() ?? ''
  return type === '' || type.endsWith('javascript') || type.endsWith('ecmascript')
}

/** Whether a classic script has a file; `data-src` is where Vite keeps that of its legacy build. */
function loadsFile(script: Element): boolean {
  return ['src', 'data-src'].some((name) => attribute(script, name) !== undefined)
}

/** Whether a module needs a file; one that stands in the page and may import nothing runs anywhere. */
function loads(script: Element): boolean {
  const text = script.childNodes.map((node) => ('value' in node ? node.value : '')).join('')
  return attribute(script, 'src') !== undefined || text.includes('import')
}

/** The value of the attribute that is written `name`; `undefined` if there is none. */
export function attribute({ attrs }: Element, name: string): string | undefined {
  return attrs.find((attr) => (attr.prefix ? `${attr.prefix}:${attr.name}` : attr.name) === name)
    ?.value
}
