/** Gives shadow roots their styles: constructed ones, for policies may forbid pages to write them. */

/** By their text, in the order in which they were asked for. */
const sheets = new Map<string, CSSStyleSheet>()

/** Adds `css` to what `root` looks like; once. */
export function adoptStyle(root: ShadowRoot, css: string): void {
  const { defaultView } = root.ownerDocument
  if (defaultView === null) return // nobody sees that document
  let sheet = sheets.get(css)
  if (!(sheet instanceof defaultView.CSSStyleSheet)) {
    sheet = new defaultView.CSSStyleSheet()
    sheet.replaceSync(css)
    sheets.set(css, sheet) // one for all elements of a document: it is good for no other
  }
  const { adoptedStyleSheets: adopted } = root
  if (!adopted.includes(sheet)) root.adoptedStyleSheets = [...adopted, sheet]
}

/** Gives `root` all styles, those of what is not in it yet, too: in another document, it has none at first. */
export function adoptStyles(root: ShadowRoot): void {
  for (const css of sheets.keys()) adoptStyle(root, css)
}
