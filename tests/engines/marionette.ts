/**
 * A client of Marionette, Firefox's own remote control: the only one that also reads the list of
 * downloads. Messages are JSON, each after its length in bytes and a colon.
 *
 * @see https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
 */

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** `[1, id, error, result]`; the first message is of another shape, and greets. */
type Reply = readonly [1, number, { error: string; message: string } | null, unknown]

export class Marionette {
  readonly #socket: Socket
  readonly #waiting = new Map<number, (reply: Reply) => void>()
  #received: Buffer = Buffer.alloc(0)
  #last = 0
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (bytes: Buffer) => this.#receive(bytes))
    socket.on('error', () => undefined) // 'close' follows, and tells all who wait
    socket.on('close', () => {
      for (const [id, answer] of this.#waiting) {
        answer([1, id, { error: 'gone', message: 'Firefox closed the connection' }, null])
      }
    })
  }

  static async connect(port: number): Promise<Marionette> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new Marionette(socket)
  }

  async send<Result>(command: string, parameters: object = {}): Promise<Result> {
    const id = ++this.#last
    const text = JSON.stringify([0, id, command, parameters])
    const [, , error, result] = await new Promise<Reply>((resolve) => {
      this.#waiting.set(id, resolve)
      this.#socket.write(`${Buffer.byteLength(text)}:${text}`)
    })
    if (error !== null) throw new Error(`${command}: ${error.error}: ${error.message}`)
    return result as Result
  }

  /** Runs `commands` with no others in between: which window they are for is a state of Firefox. */
  async inTurn<Result>(commands: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(commands)
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes])
    for (;;) {
      const colon = this.#received.indexOf(':')
      const end = colon + 1 + Number(this.#received.toString('latin1', 0, colon))
      if (colon < 0 || this.#received.length < end) return
      const message = JSON.parse(this.#received.toString('utf8', colon + 1, end)) as Reply
      this.#received = this.#received.subarray(end)
      if (!Array.isArray(message)) continue
      this.#waiting.get(message[1])?.(message)
      this.#waiting.delete(message[1])
    }
  }
}
