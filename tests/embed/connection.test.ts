/** The page's end of its connection to the frame: it notices that there is nobody at the other. */

import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { Connection } from '../../src/embed/connection.ts'

const GONE = { code: 'delivery-lost', detail: { reason: 'frame-gone' } }

let frame: MessagePort
let connection: Connection

beforeEach(() => {
  vi.stubGlobal('location', { origin: 'https://shop.test' })
  const { port1, port2 } = new MessageChannel()
  frame = port2
  connection = new Connection(port1)
  onTestFinished(() => {
    port1.close()
    vi.unstubAllGlobals()
  })
})

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

it('is gone when the frame has not answered ten questions in a row', async () => {
  for (let asked = 0; asked < 10; asked++) connection.ask()
  await turn()
  expect(connection.gone.aborted).toBe(false)
  connection.ask()
  expect(connection.gone.reason).toMatchObject(GONE)
})

it('stays while the frame answers now and then', async () => {
  const asked: unknown[] = []
  frame.onmessage = ({ data }: MessageEvent) => {
    asked.push(data)
    if (asked.length % 9 === 0) frame.postMessage({ type: 'alive' })
  }
  for (let times = 0; times < 40; times++) {
    connection.ask()
    await turn()
  }
  expect(connection.gone.aborted).toBe(false)
  expect(asked).toHaveLength(40)
  expect(asked[0]).toEqual({ type: 'ping' })
})
