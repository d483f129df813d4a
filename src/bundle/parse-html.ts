/** Parses HTML as browsers do, with the place of everything in the text, and within limits. */

import {
  defaultTreeAdapter,
  parse,
  parseFragment,
  type DefaultTreeAdapterTypes,
  type ParserOptions,
} from 'parse5'

export type Node = DefaultTreeAdapterTypes.Node
export type Element = DefaultTreeAdapterTypes.Element

/** The deepest that elements may stand in each other: browsers go down to 512. */
const DEEPEST = 1024

/** Elements beyond one for each character, which markup makes that is not closed in order. */
const MOST_IMPLIED = 1000

/** HTML that would take a parser more than its length accounts for. */
export class TooIntricate extends Error {}

/** What `read` gives of HTML; nothing if that is too intricate. */
export function unlessIntricate<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof TooIntricate) return undefined
    throw error
  }
}

/**
 * All elements and pieces of text of `html`, in the order of the text, those in templates too.
 *
 * @param isFragment Whether it is the content of an element, and no document.
 * @throws {TooIntricate}
 */
export function nodesOf(html: string, isFragment = false): Node[] {
  const options = limited(html)
  const root = isFragment ? parseFragment(html, options) : parse(html, options)
  const nodes: Node[] = []
  const open: Node[] = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    nodes.push(node)
    const children = 'childNodes' in node ? node.childNodes : []
    const inTemplate = 'content' in node ? node.content.childNodes : []
    // Not with a spread: there may be more than a call can have arguments.
    for (const child of children.toReversed()) open.push(child)
    for (const child of inTemplate.toReversed()) open.push(child)
  }
  return nodes
}

function limited(html: string): ParserOptions<DefaultTreeAdapterTypes.DefaultTreeAdapterMap> {
  let depth = 0
  let elements = 0
  return {
    sourceCodeLocationInfo: true,
    treeAdapter: {
      ...defaultTreeAdapter,
      createElement: (tag, namespace, attributes) => {
        if (++elements > html.length + MOST_IMPLIED) throw new TooIntricate()
        return defaultTreeAdapter.createElement(tag, namespace, attributes)
      },
      onItemPush: () => {
        if (++depth > DEEPEST) throw new TooIntricate()
      },
      onItemPop: () => {
        depth--
      },
    },
  }
}
