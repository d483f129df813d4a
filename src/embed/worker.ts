/** The Web Worker of an embedding: the ordinary one, with another `fetch` if a frame starts it. */

import { readByPage } from '../sources/request.ts'
import '../worker/main.ts'
import type { RelayMessage } from './protocol.ts'
import { relayedFetch } from './relayed-fetch.ts'

addEventListener('message', ({ data }: MessageEvent<Partial<RelayMessage> | null>) => {
  if (data?.type !== 'holdall:relay') return
  const fetchOfEngine = relayedFetch(globalThis.fetch.bind(globalThis), data as RelayMessage)
  globalThis.fetch = fetchOfEngine as typeof fetch
  readByPage((data as RelayMessage).origin)
})
