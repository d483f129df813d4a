/** What a bundle says to those who open it. */

import { DESCRIPTION_NAME } from './description.ts'
import { FIRST_PAGE, README_NAME } from './layout.ts'
import { relativeUrl } from './paths.ts'

/** What the reader of a bundle is told of it. */
export interface BundleFacts {
  /** Where the app is from. */
  readonly scope: string
  /** When it was exported, as in ISO 8601. */
  readonly created: string
  /** Paths of pages with scripts that browsers run from a server alone. */
  readonly needServer: readonly string[]
}

/** The text of `README.txt`. */
export function readme({ scope, created, needServer }: BundleFacts): string {
  const title = `${scope}, as of ${created.slice(0, 10)}`
  const lines = [
    title,
    '='.repeat(title.length),
    '',
    `Unpack the whole archive, then open ${FIRST_PAGE}. It needs no network.`,
    '',
    `${DESCRIPTION_NAME} lists each response of the site with its digests; the bytes as they came are`,
    `beside it, or in ${README_NAME.replace(/[^/]+$/, 'originals/')}. holdall's importBundle() puts them`,
    'back into a browser.',
    '',
  ]
  if (needServer.length > 0) {
    lines.push(
      'Browsers load JavaScript modules from servers only, not from a disk. These pages need one:',
      '',
      ...needServer.map((path) => `  ${path}`),
      '',
      'In the folder that you unpacked, run:',
      '',
      '  npx http-server',
      '',
      'or',
      '',
      '  python3 -m http.server',
      '',
      'and open the address that it prints.',
      '',
    )
  }
  return lines.join('\n')
}

/** A page at the root which leads to the one at `start`, or to the text if the bundle has no page. */
export function leadingPage(start: string | undefined, { scope }: BundleFacts): string {
  const to = relativeUrl(FIRST_PAGE, start ?? README_NAME)
  const refresh = start === undefined ? '' : `<meta http-equiv="refresh" content="0; url=${to}">\n`
  return `<!doctype html>
<meta charset="utf-8">
<title>${escaped(scope)}</title>
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
${refresh}<p><a href="${to}">${escaped(start ?? README_NAME)}</a></p>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
