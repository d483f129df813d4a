/** Why a file cannot be read whose server answers: what that must send, or what else is the reason. */

import type { UrlSource } from '../manifest/types.ts'
import { answers } from './reach.ts'
import { hasSecrets, isCrossOrigin } from './request.ts'

/**
 * What keeps this program from reading `source`, and the remedy, if its server answers and it is only its
 * integrity that differs, or a page that may not see it. Browsers tell nobody, so it is asked for once more without
 * being read.
 */
export async function blockedBy(
  source: UrlSource,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { url, integrity, credentials } = source
  const isForeign = isCrossOrigin(url)
  const headers = Object.keys(source.headers ?? {})
  const isPlain = headers.length === 0 && credentials !== 'include'
  if (integrity && (isPlain || !isForeign) && (await answers(url, signal, 'cors'))) {
    return hasSecrets(source)
      ? 'its server answers, but redirects, or its bytes are not those of its integrity'
      : 'its server answers, so its bytes are probably not those of its integrity; correct that'
  }
  if (!isForeign || !(await answers(url, signal))) return undefined
  const { origin } = globalThis.location
  const wanted = [`"Access-Control-Allow-Origin: ${origin}"`]
  if (credentials === 'include') wanted.push('"Access-Control-Allow-Credentials: true"')
  if (headers.length > 0) {
    wanted.push(`to a preflight request "Access-Control-Allow-Headers: ${headers.join(', ')}"`)
  }
  // that of a plain request is found above, or its server is not to be read
  const unlike = integrity && !isPlain ? ', or its bytes are not those of its integrity' : ''
  return `its server answers, but lets no page of ${origin} read it; it must send ${wanted.join(' and ')}${unlike}`
}
