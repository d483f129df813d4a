/** Gives shadow roots their styles: constructed ones, for policies may forbid pages to write them. */

const sheets = new Map<string, CSSStyleSheet>()

/** Adds `css` to what `root` looks like; once. */
export function adoptStyle(root: ShadowRoot, css: string): void {
  let sheet = sheets.get(css)
  if (sheet === undefined) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    sheets.set(css, sheet) // one for all elements
  }
  const { adoptedStyleSheets: adopted } = root
  if (!adopted.includes(sheet)) root.adoptedStyleSheets = [...adopted, sheet]
}
