/** The frame's requests for the page's files: the worker's end and the page's, joined by a real port. */

import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { answerRequests, NamedFiles } from '../../src/embed/answer-requests.ts'
import { relayedFetch } from '../../src/embed/relayed-fetch.ts'
import { localServer, type LocalServer } from '../sources/local-server.ts'

const CONTENT = 'grün 写真\n'.repeat(100_000)

/** What a frame is told that asks for more than it was told of. */
const REFUSED = { status: 403, statusText: 'as the page has not named it', body: null }

/** What was asked for past the page. */
const direct: [string, RequestInit | undefined][] = []

afterEach(() => void direct.splice(0))

interface Relay {
  readonly server: LocalServer
  readonly named: NamedFiles
  readonly fetch: ReturnType<typeof relayedFetch>
}

async function startRelay(answer: Parameters<typeof localServer>[0]): Promise<Relay> {
  const server = await localServer(answer)
  const { port1, port2 } = new MessageChannel()
  onTestFinished(async () => {
    port1.close()
    await server[Symbol.asyncDispose]()
  })
  const { origin } = server
  const named = new NamedFiles(origin)
  answerRequests(port1, named)
  const fetch = relayedFetch(
    async (url, init) => {
      direct.push([url, init])
      return new Response('direct')
    },
    { origin, port: port2 },
  )
  return { server, named, fetch }
}

describe('relayedFetch()', () => {
  it('brings the answer that the page gets: status, headers, body, and where it was found', async () => {
    const { server, named, fetch } = await startRelay((request, response) => {
      if (request.url === '/a') return void response.writeHead(302, { Location: '/b' }).end()
      response.writeHead(206, 'Part', { ETag: '"1"', 'Content-Range': 'bytes 2-3/4' }).end(CONTENT)
    })
    named.add('/a', server.origin)
    const response = await fetch(`${server.origin}/a`, {
      headers: { Range: 'bytes=2-', 'X-Key': 'k' },
      referrerPolicy: 'no-referrer',
    })
    expect(response).toMatchObject({ status: 206, statusText: 'Part', url: `${server.origin}/b` })
    expect(response.headers.get('ETag')).toBe('"1"')
    expect(response.headers.get('Content-Range')).toBe('bytes 2-3/4')
    expect(await response.text()).toBe(CONTENT)
    expect(server.asked[0]!.headers).toMatchObject({ range: 'bytes=2-', 'x-key': 'k' })
    expect(direct).toEqual([])
  })

  it('asks for headers alone with HEAD', async () => {
    const { server, named, fetch } = await startRelay((_, response) => void response.end())
    named.add('/a', server.origin)
    const response = await fetch(`${server.origin}/a`, { method: 'HEAD' })
    expect(response.body).toBeNull()
    expect(server.asked[0]!.method).toBe('HEAD')
  })

  it.each(['include', 'same-origin', 'omit', undefined] as const)(
    'asks others itself, and without cookies for credentials %s',
    async (credentials) => {
      const { server, fetch } = await startRelay((_, response) => void response.end())
      const init = credentials && { credentials, headers: { 'X-Key': 'k' } }
      expect(await (await fetch('https://files.example/a', init)).text()).toBe('direct')
      expect(direct).toEqual([['https://files.example/a', { ...init, credentials: 'omit' }]])
      expect(server.asked).toEqual([])
    },
  )

  it('asks itself whether the page’s server answers at all', async () => {
    const { server, fetch } = await startRelay((_, response) => void response.end())
    await fetch(`${server.origin}/`, { method: 'HEAD', mode: 'no-cors' })
    expect(direct).toHaveLength(1)
    expect(server.asked).toEqual([])
  })

  it('fails as fetch does where nothing answers', async () => {
    const { server, named, fetch } = await startRelay((request) => request.destroy())
    named.add('/a', server.origin)
    await expect(fetch(`${server.origin}/a`)).rejects.toThrow(TypeError)
  })

  it('ends a request that is aborted before its answer', async () => {
    let arrived = (): void => undefined
    const asked = new Promise<void>((resolve) => (arrived = resolve))
    const { server, named, fetch } = await startRelay(() => arrived())
    named.add('/a', server.origin)
    const ending = new AbortController()
    const answer = fetch(`${server.origin}/a`, { signal: ending.signal })
    await asked
    ending.abort(new Error('enough'))
    await expect(answer).rejects.toThrow('enough')
    expect(await server.asked[0]!.over).toBe(false)
  })

  it('ends a request whose body is not read on', async () => {
    const { server, named, fetch } = await startRelay((_, response) => void response.write('a'))
    named.add('/a', server.origin)
    const { body } = await fetch(`${server.origin}/a`)
    await body!.cancel()
    expect(await server.asked[0]!.over).toBe(false)
  })

  it('ends a request that is aborted after its headers, of which nobody reads the body', async () => {
    const { server, named, fetch } = await startRelay((_, response) => void response.write('a'))
    named.add('/a', server.origin)
    const ending = new AbortController()
    await fetch(`${server.origin}/a`, { signal: ending.signal })
    ending.abort()
    expect(await server.asked[0]!.over).toBe(false)
  })

  it('asks for nothing once it is aborted', async () => {
    const { server, named, fetch } = await startRelay((_, response) => void response.end())
    named.add('/a', server.origin)
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(fetch(`${server.origin}/a`, { signal })).rejects.toThrow('enough')
    expect(server.asked).toEqual([])
  })
})

describe('answerRequests()', () => {
  it('refuses what the page has not named', async () => {
    const { server, named, fetch } = await startRelay((_, response) => void response.end())
    named.add('/a', server.origin)
    for (const path of ['/account', '/a?b', '/a/', '/b']) {
      expect(await fetch(server.origin + path)).toMatchObject(REFUSED)
    }
    expect(server.asked).toEqual([])
  })

  it('asks for nothing by another method than was meant, whoever asks', async () => {
    const { server, named } = await startRelay((_, response) => void response.end())
    named.add('/a', server.origin)
    const { port1, port2 } = new MessageChannel()
    onTestFinished(() => port1.close())
    answerRequests(port1, named)
    const answer = new Promise((resolve) => {
      port2.onmessage = ({ data }: MessageEvent) => resolve(data)
    })
    const url = `${server.origin}/a`
    port2.postMessage({ type: 'request', id: 0, url, method: 'DELETE', headers: [] })
    expect(await answer).toMatchObject({ type: 'response', status: 200 })
    expect(server.asked.map(({ method }) => method)).toEqual(['GET'])
  })

  it('names nothing of another origin', async () => {
    const { server, named } = await startRelay((_, response) => void response.end())
    named.add('https://files.example/a', server.origin)
    named.add('https://', server.origin)
    expect(named.has('https://files.example/a')).toBe(false)
  })

  it('learns what a manifest lists, before the frame can ask for it', async () => {
    const { server, named, fetch } = await startRelay((request, response) => {
      if (request.url === '/album.json') {
        return void response.writeHead(302, { Location: '/albums/1.json' }).end()
      }
      const files = [{ url: 'a.jpg' }, { url: 7 }, { url: '/b.jpg', name: 'b' }]
      response.end(request.url === '/albums/1.json' ? JSON.stringify({ files }) : 'a file')
    })
    named.add('/album.json', server.origin, true)
    expect(await fetch(`${server.origin}/albums/a.jpg`)).toMatchObject(REFUSED)
    const manifest = await (await fetch(`${server.origin}/album.json`)).json()
    expect(manifest).toMatchObject({ files: [{}, {}, {}] })
    for (const path of ['/albums/a.jpg', '/b.jpg']) {
      expect(await (await fetch(server.origin + path)).text()).toBe('a file')
    }
    expect(await fetch(`${server.origin}/a.jpg`)).toMatchObject(REFUSED)
  })

  it('learns nothing from a file that is no manifest', async () => {
    const files = [{ url: '/account' }]
    const { server, named, fetch } = await startRelay((_, response) => {
      response.end(JSON.stringify({ files }))
    })
    named.add('/a', server.origin)
    await (await fetch(`${server.origin}/a`)).text()
    expect(await fetch(`${server.origin}/account`)).toMatchObject(REFUSED)
  })

  it.each(['no JSON', 'null', '{}', '{"files":1}'])('hands on the manifest %s', async (text) => {
    const { server, named, fetch } = await startRelay((_, response) => void response.end(text))
    named.add('/album.json', server.origin, true)
    expect(await (await fetch(`${server.origin}/album.json`)).text()).toBe(text)
  })
})
