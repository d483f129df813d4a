// Why: editors read what an element has from custom-elements.json. People read it from the tables of
// docs/widget.md, which tests hold against the class: so that is where it is made from.

import { readFile, writeFile } from 'node:fs/promises'
import { root } from './run.mjs'

/**
 * The manifest of `<holdall-download>`, from the tables of its document.
 *
 * @see https://github.com/webcomponents/custom-elements-manifest
 * @param {string} markdown
 */
export function elementsManifest(markdown) {
  const attributes = tableOf(markdown, 'attribute').map(([name, property, type, value, what]) => {
    const known = { type: { text: bare(type) }, ...(value && { default: `'${bare(value)}'` }) }
    return { name: bare(name), fieldName: bare(property), description: what, ...known }
  })
  const reflecting = attributes.map(({ name, fieldName, ...known }) => {
    return { kind: 'field', name: fieldName, ...known, attribute: name, reflects: true }
  })
  const fields = tableOf(markdown, 'property').map(([name, type, description]) => {
    const readonly = description?.endsWith('read-only') && { readonly: true }
    return { kind: 'field', name: bare(name), type: { text: bare(type) }, description, ...readonly }
  })
  const methods = tableOf(markdown, 'method').map(([name, description]) => {
    return { kind: 'method', name: bare(name), description, return: { type: { text: 'void' } } }
  })
  const events = tableOf(markdown, 'event').map(([name, type, description]) => {
    return { name: bare(name), type: { text: bare(type) }, description }
  })
  const declaration = {
    kind: 'class',
    name: 'HoldallDownloadElement',
    description: 'A button that packs files into one ZIP, and shows how far that is.',
    customElement: true,
    tagName: 'holdall-download',
    superclass: { name: 'HTMLElement' },
    attributes,
    members: [...reflecting, ...fields, ...methods],
    events,
    slots: listOf(markdown, 'slot').map(({ name, ...rest }) => {
      return { name: name === '(default)' ? '' : name, ...rest }
    }),
    cssParts: listOf(markdown, 'part'),
    cssProperties: tableOf(markdown, 'custom property').map(([name, value, description]) => {
      return { name: bare(name), default: value, description }
    }),
    cssStates: listOf(markdown, 'state'),
  }
  const reference = { name: declaration.name, module: 'dist/widget-element.js' }
  return {
    schemaVersion: '2.1.0',
    modules: [
      {
        kind: 'javascript-module',
        path: 'dist/widget-element.js',
        declarations: [declaration],
        exports: [{ kind: 'js', name: declaration.name, declaration: reference }],
      },
      {
        kind: 'javascript-module',
        path: 'dist/widget.js',
        exports: [
          { kind: 'custom-element-definition', name: declaration.tagName, declaration: reference },
          { kind: 'js', name: declaration.name, declaration: reference },
        ],
      },
    ],
  }
}

/** Writes it into dist/. */
export async function writeElementsManifest() {
  const manifest = elementsManifest(await readFile(`${root}docs/widget.md`, 'utf8'))
  await writeFile(`${root}dist/custom-elements.json`, `${JSON.stringify(manifest, undefined, 2)}\n`)
}

/**
 * The cells of the table whose first column has the head `head`, row by row.
 *
 * @param {string} markdown
 * @param {string} head
 * @returns {string[][]}
 */
function tableOf(markdown, head) {
  const [, rows] =
    new RegExp(`^\\| ${head} \\|.*\n\\|[-|]+\n((?:\\|.*\n)+)`, 'm').exec(markdown) ?? []
  if (rows === undefined) throw new Error(`docs/widget.md has no table with the head "${head}"`)
  return rows
    .trimEnd()
    .split('\n')
    .map((row) =>
      row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/**
 * Names with one description, where a row may have several.
 *
 * @param {string} markdown
 * @param {string} head
 */
function listOf(markdown, head) {
  return tableOf(markdown, head).flatMap(([names = '', description]) =>
    names.startsWith('`')
      ? names.split(' ').map((name) => ({ name: bare(name), description }))
      : [{ name: names, description }],
  )
}

/** What stands between backticks. */
function bare(cell = '') {
  return cell.replaceAll('`', '').replaceAll('\\|', '|')
}
