/** Why a file cannot be read whose server answers: what that must send, or what else is the reason. */

import type { UrlSource } from '../manifest/types.ts'
import { answers } from './reach.ts'
import { isCrossOrigin } from './request.ts'

/**
 * What keeps this program from reading `source`, and the remedy, if its server answers and it is only its
 * integrity that differs, or a page that may not see it. Browsers tell nobody, so it is asked for once more without
 * being read.
 */
export async function blockedBy(
  source: UrlSource,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (source.integrity && (await answers(source.url, signal, 'cors'))) {
    return 'its server answers, so its bytes are probably not those of its integrity; correct that'
  }
  if (!isCrossOrigin(source.url) || !(await answers(source.url, signal))) return undefined
  const { origin } = globalThis.location
  const wanted = [`"Access-Control-Allow-Origin: ${origin}"`]
  if (source.credentials === 'include') wanted.push('"Access-Control-Allow-Credentials: true"')
  const headers = Object.keys(source.headers ?? {})
  if (headers.length > 0) {
    wanted.push(`to a preflight request "Access-Control-Allow-Headers: ${headers.join(', ')}"`)
  }
  return `its server answers, but lets no page of ${origin} read it; it must send ${wanted.join(' and ')}`
}
