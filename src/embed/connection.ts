/** The page's end of the connection to its frame: one for all jobs of the page. */

import { HoldallError } from '../errors.ts'
import { answerRequests, NamedFiles } from './answer-requests.ts'
import { toFragment, versionFromFrame } from './handshake.ts'
import { VERSION, type ConnectMessage, type FrameMessage, type PageMessage } from './protocol.ts'

/** How long the frame may take to answer, in ms: in all, and once it has loaded. */
const ANSWERS_WITHIN = 10_000
const ANSWERS_LOADED_WITHIN = 1000

/** How often it is looked at whether the frame is still in the page, in ms: no event tells. */
const LOOK_EVERY = 1000

/** How often in a row a frame may be asked whether it is alive, and not answer. */
const SILENT = 10

let current: Promise<Connection> | undefined

/**
 * The connection of this page to the site that hosts holdall, made now if there is none.
 *
 * @param folder Where that site has `embed.html`.
 * @throws {HoldallError} `insecure-context`, `embed-failed`.
 */
export function connected(folder: URL): Promise<Connection> {
  if (current === undefined) {
    const opened = openFrame(folder)
    const forget = (): void => {
      if (current === opened) current = undefined
    }
    current = opened
    opened.then(({ gone }) => {
      if (gone.aborted) forget()
      gone.addEventListener('abort', forget)
    }, forget)
  }
  return current
}

/** A frame that has answered. */
export class Connection {
  /** What the frame may ask the page for. */
  readonly named: NamedFiles = new NamedFiles(location.origin)
  /**
   * Aborts when the frame was navigated, was taken out of the page, or has crashed. No promise: what waits for one is
   * held as long as it is pending, and most jobs are over long before.
   */
  readonly gone: AbortSignal
  readonly #port: MessagePort
  /** Of each worker of the frame: what ends the answers to it. */
  readonly #answering = new Map<number, () => void>()
  readonly #going = new AbortController()
  /** How often the frame was asked whether it is alive since it last said so. */
  #asked = 0

  constructor(port: MessagePort) {
    this.#port = port
    this.gone = this.#going.signal
    port.onmessage = ({ data }: MessageEvent<FrameMessage>) => {
      this.#asked = 0
      if (data.type === 'requests') {
        this.#answering.set(data.worker, answerRequests(data.port, this.named))
      } else if (data.type === 'ended') {
        this.#answering.get(data.worker)?.()
        this.#answering.delete(data.worker)
      }
    }
  }

  /** A port to a job in the frame. */
  job(): MessagePort {
    const { port1, port2 } = new MessageChannel()
    const message: PageMessage = { type: 'job', port: port2 }
    this.#port.postMessage(message, [port2])
    return port1
  }

  /** Asks the frame whether it is alive; to be called every second or so. One that says nothing is given up. */
  ask(): void {
    if (this.#asked++ === SILENT) return this.close()
    const message: PageMessage = { type: 'ping' }
    this.#port.postMessage(message)
  }

  /** The frame is not what it was: nothing goes there any more, and nothing that comes is heard. */
  close(): void {
    this.#port.close()
    for (const end of this.#answering.values()) end()
    const message =
      'The archive cannot be finished: the frame that makes it was navigated, was taken out of the page, or has crashed; leave it where it is, and try again'
    this.#going.abort(new HoldallError('delivery-lost', message, { reason: 'frame-gone' }))
  }
}

async function openFrame(folder: URL): Promise<Connection> {
  if (!isSecureContext) {
    const { origin } = location
    const message = `Cannot download through a service worker: ${origin} is not a secure context, nor is any frame in it; serve the page over HTTPS (or from localhost)`
    throw new HoldallError('insecure-context', message, { origin })
  }
  const nonce = crypto.randomUUID()
  const url = new URL('embed.html', folder)
  url.hash = toFragment({ nonce, origin: location.origin })
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.title = 'Download'
  frame.src = url.href
  // What loads there after `embed.html` is another page.
  const navigated = new Promise<void>((resolve) => {
    let loads = 0
    frame.addEventListener('load', () => ++loads > 1 && resolve())
  })
  try {
    const port = await handshake(frame, url.origin, nonce)
    const connection = new Connection(port)
    watch(frame, connection, navigated)
    return connection
  } catch (error) {
    frame.remove()
    throw error
  }
}

/** Opens `frame`, and gives it a port once it has answered. */
function handshake(frame: HTMLIFrameElement, hosting: string, nonce: string): Promise<MessagePort> {
  const over = new AbortController()
  const { signal } = over
  const answered = new Promise<MessagePort>((resolve, reject) => {
    const tooLate = (): void => reject(noAnswer(hosting))
    const late = setTimeout(tooLate, ANSWERS_WITHIN)
    let loadedLate: ReturnType<typeof setTimeout> | undefined
    signal.addEventListener('abort', () => {
      clearTimeout(late)
      clearTimeout(loadedLate)
    })
    // Pages of errors load, too: they are not waited for long, as a user's click is good for seconds.
    const loaded = (): void => {
      loadedLate ??= setTimeout(tooLate, ANSWERS_LOADED_WITHIN)
    }
    const hear = (event: MessageEvent): void => {
      const version = versionFromFrame(event, frame.contentWindow, hosting, nonce)
      if (version === undefined) return
      if (version !== VERSION) return reject(otherVersion(hosting))
      const { port1, port2 } = new MessageChannel()
      const message: ConnectMessage = { type: 'holdall:embed-connect', nonce, port: port2 }
      frame.contentWindow!.postMessage(message, hosting, [port2])
      port1.onmessage = () => resolve(port1) // `connected`
    }
    frame.addEventListener('load', loaded, { signal })
    addEventListener('message', hear, { signal })
    // Not into the body, whose content many an app replaces.
    document.documentElement.append(frame)
  })
  return answered.finally(() => over.abort())
}

/** Closes the connection when the frame is no longer the document that has answered. */
function watch(frame: HTMLIFrameElement, connection: Connection, navigated: Promise<void>): void {
  const { contentWindow } = frame
  const timer = setInterval(() => {
    if (contentWindow === null || frame.contentWindow !== contentWindow) connection.close()
    else connection.ask() // a process that has crashed leaves all of that as it was
  }, LOOK_EVERY)
  connection.gone.addEventListener('abort', () => {
    clearInterval(timer)
    frame.remove()
  })
  void navigated.then(() => connection.close())
}

function noAnswer(hosting: string): HoldallError {
  return new HoldallError(
    'embed-failed',
    `Cannot download by way of ${hosting}: its embed.html does not answer this page; check that it is there, that it lists ${location.origin} among its origins, and that no Content-Security-Policy forbids the frame (frame-src of this page, frame-ancestors of that one)`,
    { origin: hosting },
  )
}

function otherVersion(hosting: string): HoldallError {
  return new HoldallError(
    'embed-failed',
    `Cannot download by way of ${hosting}: its embed.js and its embed.html are of two versions of holdall; reload the page, and put both files there anew if that does not help`,
    { origin: hosting },
  )
}
