/** custom-elements.json says what the class has: no more, and no less. */

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { elementsManifest } from '../../scripts/elements-manifest.mjs'
import { AttributesElement } from '../../src/widget/attributes.ts'
import { HoldallDownloadElement } from '../../src/widget/element.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const [declared] = elementsManifest(read('docs/widget.md')).modules[0]!.declarations!

const sources = readdirSync(new URL('src/widget/', root)).map((name) => read(`src/widget/${name}`))
const namesOf = (list: readonly { name: string }[]): string[] =>
  list.map(({ name }) => name).toSorted()

/** What is found by `pattern` in the sources of the element, once each. */
function found(pattern: RegExp): string[] {
  const all = sources.flatMap((source) => [...source.matchAll(pattern)])
  return [...new Set(all.flatMap(([, names]) => names!.split(' ')))].toSorted()
}

describe('custom-elements.json', () => {
  it('has each attribute, with the property that reflects it', () => {
    expect(namesOf(declared!.attributes)).toEqual(AttributesElement.observedAttributes.toSorted())
    const own = Object.getOwnPropertyNames(AttributesElement.prototype)
    const fields = declared!.attributes.map(({ fieldName }) => fieldName)
    expect(fields.toSorted()).toEqual(own.filter((name) => name !== 'constructor').toSorted())
  })

  it('has each property and method, and none of the callbacks', () => {
    const own = Object.getOwnPropertyNames(HoldallDownloadElement.prototype)
    const inner = /^constructor$|Callback$|^focus$|^createJob$/
    const members = declared!.members.filter((member) => !('attribute' in member))
    expect(namesOf(members)).toEqual(own.filter((name) => !inner.test(name)).toSorted())
  })

  it('has each event, state, part, slot and custom property', () => {
    expect(namesOf(declared!.events)).toEqual(found(/^ {2}'(holdall-[a-z]+)': CustomEvent/gm))
    const states = /export type JobState =\n([^]*?)\n\n/.exec(read('src/client/events.ts'))![1]!
    const jobStates = [...states.matchAll(/'([\w-]+)'/g)].map(([, name]) => name!)
    expect(namesOf(declared!.cssStates)).toEqual(['empty', ...jobStates].toSorted())
    expect(namesOf(declared!.cssParts)).toEqual(
      [...new Set([...found(/part: '([^']+)'/g), ...found(/\bbutton\('(\w+)'/g)])].toSorted(),
    )
    expect(namesOf(declared!.slots)).toEqual(['', ...found(/'slot', \{ name: '(\w+)'/g)].toSorted())
    expect(namesOf(declared!.cssProperties)).toEqual(found(/var\((--holdall-[\w-]+)/g))
  })

  it('is named in package.json, and describes everything', () => {
    const { customElements } = JSON.parse(read('package.json')) as { customElements: string }
    expect(customElements).toBe('./dist/custom-elements.json')
    const { attributes, members, events, cssParts, cssProperties, cssStates, slots } = declared!
    const all = [attributes, members, events, cssParts, cssProperties, cssStates, slots].flat()
    expect(all.filter(({ description }) => !description)).toEqual([])
  })
})
