/** The script of `embed.html`: makes archives for the page around it, if that is of a listed origin. */

import { configure } from '../client/configuration.ts'
import { answerPings } from '../client/keep-alive.ts'
import { invitationIn, originsIn, portFromPage, readyMessage } from './handshake.ts'
import type { FrameMessage, PageMessage, RelayMessage } from './protocol.ts'
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
    worker: () => {
      const worker = new Worker(beside('holdall-embed-worker.js'), {
        type: 'module',
        name: 'holdall',
      })
      const { port1, port2 } = new MessageChannel()
      const relay: RelayMessage = { type: 'holdall:relay', origin, port: port1 }
      worker.postMessage(relay, [port1])
      send({ type: 'requests', port: port2 }, [port2])
      return worker
    },
  })
  answerPings()
  port.onmessage = ({ data }: MessageEvent<PageMessage>) => {
    if (data.type === 'job') serveJob(data.port, origin)
  }
  send({ type: 'connected' })
}

waitForPage()
