/** Requests in a runtime that refuses what only browsers have a use for, as workerd does. */

import { afterEach, expect, it, vi } from 'vitest'
import { Lanes } from '../../src/sources/lanes.ts'
import { answers } from '../../src/sources/reach.ts'
import { request, Watchdog } from '../../src/sources/request.ts'
import { localServer, type LocalServer } from './local-server.ts'

const never = new AbortController().signal

let server: LocalServer | undefined
afterEach(async () => {
  vi.unstubAllGlobals()
  await server?.[Symbol.asyncDispose]()
})

/** What workerd refuses, and older ones besides. */
function refuse({ redirect, cache, mode }: RequestInit): void {
  if (redirect === 'error' || cache !== undefined || mode !== undefined) {
    throw new TypeError('It is not implemented')
  }
}

async function serve(status: number): Promise<string> {
  const { fetch, Request } = globalThis
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    refuse(init)
    return fetch(url, init)
  })
  class Restricted extends Request {
    constructor(url: string, init: RequestInit = {}) {
      refuse(init)
      super(url, init)
    }
  }
  vi.stubGlobal('Request', Restricted)
  server = await localServer((_, response) => {
    response.writeHead(status, status === 302 ? { Location: '/other' } : {}).end()
  })
  return `${server.origin}/file`
}

it('are made again past a cache that there is none of', async () => {
  const url = await serve(200)
  const { status } = await request(
    { type: 'url', url },
    { reload: true },
    new Watchdog(1000, never),
  )
  expect(status).toBe(200)
})

it('find out whether anything answers', async () => {
  expect(await answers(await serve(404), never)).toBe(true)
})

it('take headers nowhere else, though redirects cannot be errors', async () => {
  const source = { type: 'url', url: await serve(302), headers: { 'x-key': '1' } } as const
  await expect(request(source, {}, new Watchdog(1000, never))).rejects.toMatchObject({
    status: 302,
  })
  expect(server!.asked.map(({ url }) => url)).toEqual(['/file'])
})

it('are as many at once as HTTP/1.1 takes, where nothing tells of the protocol', () => {
  vi.stubGlobal('performance', { now: () => 0 })
  const lane = new Lanes().of('https://host.test/a')
  lane.answered('https://host.test/a', undefined)
  lane.active = 5
  expect(lane.free).toBe(true)
  lane.active = 6
  expect(lane.free).toBe(false)
})
