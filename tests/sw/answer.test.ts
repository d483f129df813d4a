import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Page, startedIn, stop, type Scope } from './scope.ts'

afterEach(stop)

const SCOPE = 'https://app.test/holdall/'

/** The answer to a request for an archive that no page has any more, after the wait for one. */
async function afterAWait(scope: Scope, url: string): Promise<Response> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { response, over } = scope.ask(url)
  await vi.advanceTimersByTimeAsync(5000)
  await over
  return response
}

describe('answerDownload()', () => {
  it('answers the URL of an archive', async () => {
    const scope = await startedIn(SCOPE)
    const page = new Page()
    const url = await scope.register(page, { name: 'ä.zip', length: 7 })
    expect(url).toBe(`${SCOPE}${page.id}.zip`)
    const { answered, response } = scope.ask(url)
    expect(answered).toBe(true)
    const { status, headers, body } = await response
    expect(status).toBe(200)
    expect(headers.get('Content-Length')).toBe('7')
    expect(headers.get('Content-Disposition')).toContain("filename*=UTF-8''%C3%A4.zip")
    await page.hears('open')
    await body!.cancel()
  })

  it.each([
    ['https://app.test/', 'https://app.test/holdall/'],
    ['https://app.test/deep/', 'https://app.test/deep/holdall/'],
    ['https://app.test/deep/holdall/', 'https://app.test/deep/holdall/'],
  ])('answers below the scope %s at %s', async (place, base) => {
    const scope = await startedIn(place)
    const page = new Page()
    expect(await scope.register(page)).toBe(`${base}${page.id}.zip`)
    expect(scope.ask(`${base}${page.id}.zip`, 'HEAD').answered).toBe(true)
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('leaves %s alone', async (method) => {
    const scope = await startedIn(SCOPE)
    const page = new Page()
    const url = await scope.register(page)
    expect(scope.ask(url, method).answered).toBe(false)
    expect(page.heard.map(({ type }) => type)).toEqual(['registered'])
  })

  const id = randomUUID()

  it.each([
    ['another origin', `https://other.test/holdall/${id}.zip`],
    ['another scheme', `http://app.test/holdall/${id}.zip`],
    ['another port', `https://app.test:8443/holdall/${id}.zip`],
    ['another folder', `https://app.test/${id}.zip`],
    ['a deeper folder', `https://app.test/holdall/holdall/${id}.zip`],
    ['the folder itself', SCOPE],
    ['the service worker', 'https://app.test/holdall-sw.js'],
    ['no ending', `${SCOPE}${id}`],
    ['another ending', `${SCOPE}${id}.html`],
    ['more after it', `${SCOPE}${id}.zip/x`],
    ['a query', `${SCOPE}${id}.zip?x`],
    ['a fragment', `${SCOPE}${id}.zip#x`],
    ['capitals', `${SCOPE}${id.toUpperCase()}X.zip`],
    ['too short an id', `${SCOPE}${id.slice(1)}.zip`],
    ['a name', `${SCOPE}archive.zip`],
    ['an encoded id', `${SCOPE}%61${id.slice(1)}.zip`],
  ])('leaves %s alone', async (_, url) => {
    const scope = await startedIn(SCOPE)
    await scope.register(new Page(id))
    expect(scope.ask(url).answered).toBe(false)
    expect(scope.broadcasts).toEqual([])
  })

  it('answers HEAD without asking for the archive', async () => {
    const scope = await startedIn(SCOPE)
    const page = new Page()
    const { response, over } = scope.ask(await scope.register(page, { length: 7 }), 'HEAD')
    const { headers, body } = await response
    expect(headers.get('Content-Length')).toBe('7')
    expect(body).toBeNull()
    await over
    expect(page.heard.map(({ type }) => type)).toEqual(['registered'])
  })

  it('leaves an id that nobody knows to the server', async () => {
    const scope = await startedIn(SCOPE)
    const url = `${SCOPE}${id}.zip`
    expect((await scope.ask(url).response).status).toBe(404)
    expect(scope.network.map((request) => request.url)).toEqual([url])
    expect(scope.broadcasts).toEqual([])
  })

  it('leaves an id whose page does not answer to the server, having asked it', async () => {
    const scope = await startedIn(SCOPE)
    await scope.live(new Page(id))
    const url = `${SCOPE}${id}.zip`
    const response = await afterAWait(scope, url)
    expect(response.status).toBe(404)
    expect(scope.network.map((request) => request.url)).toEqual([url])
    expect(scope.broadcasts).toEqual([{ type: 'holdall:forgotten', id }])
  })

  it('answers what it has forgotten when the page registers it again', async () => {
    const scope = await startedIn(SCOPE)
    const page = new Page(id)
    await scope.live(page)
    scope.onBroadcast = (message) => {
      if (message.type === 'holdall:forgotten') scope.hear(page.message({ name: 'again.zip' }))
    }
    const { response } = scope.ask(`${SCOPE}${id}.zip`)
    const { headers, body } = await response
    expect(headers.get('Content-Disposition')).toContain('again.zip')
    expect(scope.network).toEqual([])
    await body!.cancel()
  })

  it('counts on from how often it was asked for before it forgot', async () => {
    const scope = await startedIn(SCOPE)
    const page = new Page(id)
    await scope.live(page)
    const answer = scope.ask(`${SCOPE}${id}.zip`)
    scope.hear(page.message({ runs: 2 }))
    const { body } = await answer.response
    await page.hears('open', 2)
    expect(page.heard.filter(({ type }) => type === 'open')).toHaveLength(1)
    await body!.cancel()
  })

  it('asks for what it has forgotten once, however many ask for it at once', async () => {
    const scope = await startedIn(SCOPE)
    const page = new Page(id)
    await scope.live(page)
    const told: string[] = []
    scope.onBroadcast = ({ type }) => {
      told.push(type)
      if (type === 'holdall:forgotten') setTimeout(() => scope.hear(page.message()), 20)
    }
    const answers = [1, 2, 3].map(() => scope.ask(`${SCOPE}${id}.zip`))
    for (const { response } of answers) await (await response).body!.cancel()
    expect(told.filter((type) => type === 'holdall:forgotten')).toHaveLength(1)
  })

  it('answers all who ask for what it has forgotten, as soon as its page has answered', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const scope = await startedIn(SCOPE)
    const page = new Page(id)
    await scope.live(page)
    const answers = [1, 2, 3].map(() => scope.ask(`${SCOPE}${id}.zip`))
    const statuses: number[] = []
    const bodies = answers.map(async ({ response }) => {
      const { status, body } = await response
      statuses.push(status)
      await body!.cancel()
    })
    scope.hear(page.message())
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
    expect(statuses).toEqual([200, 200, 200])
    expect(scope.network).toEqual([])
    await Promise.all(bodies)
  })
})

describe('the service worker', () => {
  it.each([null, undefined, 'text', 5, {}, { type: 'other' }, { type: 'holdall:' }, [1]])(
    'leaves the message %o alone',
    async (message) => {
      const scope = await startedIn(SCOPE)
      expect(() => scope.hear(message)).not.toThrow()
    },
  )

  it.each(['', 'a', '../../x', `${id()}x`, id().toUpperCase()])(
    'does not register the id %j',
    async (wrong) => {
      const scope = await startedIn(SCOPE)
      const page = new Page(wrong)
      scope.hear(page.message())
      const other = new Page()
      await scope.register(other)
      expect(page.heard).toEqual([])
      page.control.close()
    },
  )

  it('gives an id to the first page that has it', async () => {
    const scope = await startedIn(SCOPE)
    const first = new Page()
    const second = new Page(first.id)
    const url = await scope.register(first, { name: 'first.zip' })
    scope.hear(second.message({ name: 'second.zip' }))
    const { headers } = await scope.ask(url, 'HEAD').response
    expect(headers.get('Content-Disposition')).toContain('first.zip')
    second.control.close()
  })

  it('forgets an archive that its page releases', async () => {
    const scope = await startedIn(SCOPE)
    const page = new Page()
    const url = await scope.register(page)
    const { response, over } = scope.ask(url)
    const { body } = await response
    page.control.postMessage({ type: 'release' })
    await expect(new Response(body).arrayBuffer()).rejects.toMatchObject({ code: 'delivery-lost' })
    await over
    expect((await afterAWait(scope, url)).status).toBe(404)
  })

  it('forgets an archive whose page is gone', async () => {
    const scope = await startedIn(SCOPE)
    const page = new Page()
    const url = await scope.register(page)
    const { response, over } = scope.ask(url)
    const { body } = await response
    page.die()
    await expect(new Response(body).arrayBuffer()).rejects.toMatchObject({
      code: 'delivery-lost',
      detail: { reason: 'worker-gone' },
    })
    await over
    expect((await afterAWait(scope, url)).status).toBe(404)
  })
})

function id(): string {
  return randomUUID()
}

describe('a message that is not as it must be', () => {
  it.each([
    ['no id', { id: undefined }],
    ['an id of another form', { id: '5' }],
    ['no name', { name: undefined }],
    ['a name that is no text', { name: {} }],
    ['a length that is none', { length: -1 }],
    ['a fingerprint that is no text', { fingerprint: {} }],
    ['a fingerprint that no header can have', { fingerprint: 'a\r\nSet-Cookie: b' }],
    ['no port', { control: undefined }],
    ['something else as its port', { control: { postMessage: 5 } }],
  ])('registers nothing: %s', async (_, fields) => {
    const scope = await startedIn('https://app.test/holdall/')
    const page = new Page()
    scope.hear({ ...page.message(), ...fields })
    const { response } = scope.ask(`https://app.test/holdall/${page.id}.zip`)
    expect((await response).status).toBe(404)
  })

  it.each([null, undefined, 5, 'release', {}, { type: 'other' }])(
    'over the port of an archive is passed over: %j',
    async (message) => {
      const scope = await startedIn('https://app.test/holdall/')
      const page = new Page()
      await scope.register(page)
      page.control.postMessage(message)
      page.control.postMessage({ type: 'release' })
      await page.hears('released')
    },
  )
})
