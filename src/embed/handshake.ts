/** Who may talk with whom: the frame's checks of the page around it, and the page's of its frame. */

import { VERSION, type ConnectMessage, type ReadyMessage } from './protocol.ts'

/** What the page tells its frame by the frame's URL. */
export interface Invitation {
  readonly nonce: string
  /** The origin that the page says it is of; nothing is believed of it. */
  readonly origin: string
}

/** `invitation` as a fragment, which goes to no server. */
export function toFragment({ nonce, origin }: Invitation): string {
  return new URLSearchParams({ nonce, origin }).toString()
}

/** The invitation in `fragment`, if that is one from an origin that is allowed. */
export function invitationIn(fragment: string, allowed: readonly string[]): Invitation | undefined {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''))
  const nonce = fields.get('nonce') ?? ''
  const origin = fields.get('origin') ?? ''
  return nonce !== '' && allowed.includes(origin) ? { nonce, origin } : undefined
}

/**
 * The origins in `list`, between white space. What is no exact origin is none: nothing stands for more
 * than itself, and a page without an origin of its own (`null`) can be anybody's.
 */
export function originsIn(list: string): string[] {
  return list.split(/\s+/).filter(isExactOrigin)
}

function isExactOrigin(text: string): boolean {
  try {
    return new URL(text).origin === text
  } catch {
    return false
  }
}

/** The port that `event` brings to the frame, if the page of `invitation` sends it. */
export function portFromPage(
  { source, origin, data }: MessageEvent<unknown>,
  page: Window,
  invitation: Invitation,
): MessagePort | undefined {
  if (source !== page || origin !== invitation.origin) return undefined
  const message = data as Partial<ConnectMessage> | null | undefined
  if (message?.type !== 'holdall:embed-connect' || message.nonce !== invitation.nonce) return
  return message.port instanceof MessagePort ? message.port : undefined
}

/** The version of the protocol that the frame speaks, if it is the page's own frame that says `event`. */
export function versionFromFrame(
  { source, origin, data }: MessageEvent<unknown>,
  frame: Window | null,
  hosting: string,
  nonce: string,
): number | undefined {
  if (frame === null || source !== frame || origin !== hosting) return undefined
  const message = data as Partial<ReadyMessage> | null | undefined
  if (message?.type !== 'holdall:embed-ready' || message.nonce !== nonce) return undefined
  return typeof message.version === 'number' ? message.version : NaN
}

export function readyMessage({ nonce }: Invitation): ReadyMessage {
  return { type: 'holdall:embed-ready', version: VERSION, nonce }
}
