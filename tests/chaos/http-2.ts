/** HTTP/2 for the `fetch` of Node, which has it, and speaks it to nobody unless told so. */

const DISPATCHER = Symbol.for('undici.globalDispatcher.1')

interface Dispatcher {
  constructor: new (options: object) => Dispatcher
  destroy(): Promise<void>
}

const globals = globalThis as unknown as Record<symbol, Dispatcher>

/** Has `fetch` trust `cert`, and speak HTTP/2 to whoever offers it, until it is disposed of. */
export async function speakHttp2(cert: Buffer): Promise<AsyncDisposable> {
  await fetch('data:,') // the first request makes the dispatcher
  const before = globals[DISPATCHER]!
  const Agent = before.constructor
  const agent = new Agent({ allowH2: true, connect: { ca: cert } })
  globals[DISPATCHER] = agent
  return {
    async [Symbol.asyncDispose]() {
      globals[DISPATCHER] = before
      await agent.destroy()
    },
  }
}
