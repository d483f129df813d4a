/** Messages of anybody on the origin to the service worker: taken if they are holdall's, and harmless else. */

import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, expect } from 'vitest'
import { startedIn, stop } from '../sw/scope.ts'
import { fuzz } from './fuzz.ts'

const scope = await startedIn('https://app.test/holdall/')
const opened: MessagePort[] = []
afterAll(() => {
  for (const port of opened) port.close()
  stop()
})

const id = randomUUID()
const any = fc.oneof(
  fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true }),
  fc.constantFrom<unknown>(id, '', -1, NaN, {}, [], null),
)
const message = fc.oneof(
  any,
  fc.record(
    {
      type: fc.constantFrom('holdall:register', 'holdall:alive', 'holdall:drop', 'holdall:ping', 7),
      id: any,
      name: any,
      length: any,
      fingerprint: any,
      control: any,
    },
    { requiredKeys: ['type'] },
  ),
)

fuzz(
  'messages to a service worker',
  1 / 3,
  fc.asyncProperty(fc.array(message, { maxLength: 4 }), async (messages) => {
    for (const one of messages) scope.hear(one)
    const { answered, response } = scope.ask(`https://app.test/holdall/${id}.zip`)
    expect(answered).toBe(true)
    // nobody has registered it as it must be: the server is asked, and knows nothing of it
    expect((await response).status).toBe(404)
  }),
)

fuzz(
  'registrations with a port',
  1 / 3,
  fc.asyncProperty(
    fc.record({
      id: fc.oneof(fc.uuid(), any),
      name: any,
      length: any,
      fingerprint: any,
      runs: any,
    }),
    async (fields) => {
      const { port1, port2 } = new MessageChannel()
      const heard: { type: string; url?: string }[] = []
      port1.onmessage = ({ data }: MessageEvent<{ type: string; url?: string }>) => heard.push(data)
      const known = typeof fields.id === 'string' ? fields.id : undefined
      const release = known === undefined ? undefined : await scope.locks.hold(`holdall:${known}`)
      scope.hear({ type: 'holdall:register', ...fields, control: port2 })
      await new Promise(setImmediate)
      for (const { url } of heard) {
        // it was taken: then it is answered with headers that say what it is
        const { body, headers, status } = await scope.ask(url!).response
        expect(status).toBe(200)
        expect(headers.get('Content-Disposition')).toMatch(/^attachment/)
        await body!.cancel()
      }
      port1.postMessage({ type: 'release' })
      await new Promise(setImmediate)
      port1.close()
      release?.()
    },
  ),
)

const control = fc.oneof(
  any,
  fc.record(
    {
      type: fc.constantFrom('paused', 'refreshed', 'abandoned', 'other', 0),
      paused: any,
      number: any,
      url: any,
    },
    { requiredKeys: [] },
  ),
)

fuzz(
  'messages over the port of an archive',
  1 / 3,
  fc.asyncProperty(fc.array(control, { maxLength: 4 }), async (messages) => {
    const { port1, port2 } = new MessageChannel()
    const own = randomUUID()
    const heard = new Promise<string>((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<{ type: string }>) => {
        if (data.type === 'released') resolve(data.type)
      }
    })
    const release = await scope.locks.hold(`holdall:${own}`)
    scope.hear({ type: 'holdall:register', id: own, name: 'a.zip', control: port2 })
    for (const one of messages) {
      try {
        port1.postMessage(one)
      } catch {
        // what cannot be cloned nobody can send
      }
    }
    port1.postMessage({ type: 'release' })
    expect(await heard).toBe('released')
    port1.close()
    release()
  }),
)
