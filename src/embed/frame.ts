/** The script of `embed.html`: makes archives for the page around it, if that is of a listed origin. */

import { configure } from '../client/configuration.ts'
import { invitationIn, originsIn, portFromPage, readyMessage } from './handshake.ts'
import type { FrameMessage, PageMessage } from './protocol.ts'
import { startRelayed } from './relay-worker.ts'
import { serveJob } from './served-job.ts'

/** A script beside this one. Not by the form that bundlers follow: it is there already. */
const here = import.meta.url
const beside = (file: string): URL => new URL(file, here)

function waitForPage(): void {
  const page = window.parent
  const list = document.querySelector<HTMLMetaElement>('meta[name="holdall-embed-origins"]')
  const invitation = invitationIn(location.hash, originsIn(list?.content ?? ''))
  if (page === window || invitation === undefined) return
  const connect = (event: MessageEvent): void => {
    const port = portFromPage(event, page, invitation)
    if (port === undefined) return
    removeEventListener('message', connect) // one page, once
    serve(port, invitation.origin)
  }
  addEventListener('message', connect)
  page.postMessage(readyMessage(invitation), invitation.origin)
}

function serve(port: MessagePort, origin: string): void {
  const send = (message: FrameMessage, list: Transferable[] = []): void =>
    port.postMessage(message, list)
  configure({
    serviceWorker: beside('holdall-sw.js'),
    worker: () => startRelayed(beside('holdall-embed-worker.js'), origin, send),
  })
  port.onmessage = ({ data }: MessageEvent<PageMessage>) => {
    if (data.type === 'job') serveJob(data.port, origin)
    else send({ type: 'alive' })
  }
  send({ type: 'connected' })
}

waitForPage()
