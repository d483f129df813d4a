/** Starts a Web Worker of the frame, which asks the page for the page's own files. */

import type { FrameMessage, RelayMessage } from './protocol.ts'

let workers = 0

/**
 * A worker of `script` for a page of `origin`.
 *
 * @param send Tells the page of it, and when it has ended: what it was being answered would be held open for ever.
 */
export function startRelayed(
  script: URL,
  origin: string,
  send: (message: FrameMessage, list?: Transferable[]) => void,
): Worker {
  const worker = new Worker(script, { type: 'module', name: 'holdall' })
  const { port1, port2 } = new MessageChannel()
  const relay: RelayMessage = { type: 'holdall:relay', origin, port: port1 }
  worker.postMessage(relay, [port1])
  const id = workers++
  send({ type: 'requests', worker: id, port: port2 }, [port2])
  const end = worker.terminate.bind(worker)
  worker.terminate = () => {
    end()
    send({ type: 'ended', worker: id })
  }
  return worker
}
