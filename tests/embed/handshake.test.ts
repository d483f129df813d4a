import { describe, expect, it } from 'vitest'
import {
  invitationIn,
  originsIn,
  portFromPage,
  readyMessage,
  toFragment,
  versionFromFrame,
} from '../../src/embed/handshake.ts'
import { VERSION } from '../../src/embed/protocol.ts'

const SHOP = 'https://shop.example'
const HOSTING = 'https://files.example'
const invitation = { nonce: 'a nonce & more', origin: SHOP }

/** Windows, told apart by nothing but being themselves. */
const page = {} as Window
const stranger = {} as Window

describe('originsIn()', () => {
  it('reads origins between white space', () => {
    expect(originsIn(`  ${SHOP}\n\thttp://127.0.0.1:4174 `)).toEqual([
      SHOP,
      'http://127.0.0.1:4174',
    ])
  })

  it('is empty by default', () => {
    expect(originsIn('')).toEqual([])
  })

  it.each([
    '*',
    'null',
    'shop.example',
    `${SHOP}/`,
    `${SHOP}/path`,
    'HTTPS://SHOP.EXAMPLE',
    'data:,',
  ])('takes %s for none', (text) => expect(originsIn(text)).toEqual([]))
})

describe('invitationIn()', () => {
  it('reads what the page has written', () => {
    expect(invitationIn(`#${toFragment(invitation)}`, [HOSTING, SHOP])).toEqual(invitation)
  })

  it.each([
    ['an origin that is not listed', toFragment(invitation), ['https://other.example']],
    ['none that is listed', toFragment(invitation), []],
    ['a part of one', toFragment(invitation), [`${SHOP}.evil.example`, 'https://shop.exampl']],
    ['one that a pattern would take in', toFragment(invitation), ['https://*.example', '*']],
    ['no nonce', toFragment({ ...invitation, nonce: '' }), [SHOP]],
    ['no fragment', '', [SHOP, '']],
  ])('takes no %s', (_, fragment, allowed) => {
    expect(invitationIn(`#${fragment}`, allowed)).toBeUndefined()
  })
})

describe('portFromPage()', () => {
  const { port1: port } = new MessageChannel()
  const data = { type: 'holdall:embed-connect', nonce: invitation.nonce, port }
  const right = { source: page, origin: SHOP, data }

  const portOf = (event: object): MessagePort | undefined =>
    portFromPage(event as MessageEvent, page, invitation)

  it('gives the port that the page sends', () => {
    expect(portOf(right)).toBe(port)
  })

  it.each([
    ['another window', { ...right, source: stranger }],
    ['no window', { ...right, source: null }],
    ['another origin', { ...right, origin: 'https://evil.example' }],
    ['an origin that begins like it', { ...right, origin: `${SHOP}.evil.example` }],
    ['an opaque origin', { ...right, origin: 'null' }],
    ['another nonce', { ...right, data: { ...data, nonce: 'guessed' } }],
    ['no nonce', { ...right, data: { ...data, nonce: undefined } }],
    ['another message', { ...right, data: { ...data, type: 'holdall:embed-ready' } }],
    ['a forged port', { ...right, data: { ...data, port: { postMessage: () => undefined } } }],
    ['no port', { ...right, data: { ...data, port: undefined } }],
    ['nothing', { ...right, data: null }],
    ['text', { ...right, data: 'holdall:embed-connect' }],
  ])('gives none to %s', (_, event) => {
    expect(portOf(event)).toBeUndefined()
  })
})

describe('versionFromFrame()', () => {
  const data = readyMessage(invitation)
  const right = { source: page, origin: HOSTING, data }

  const versionOf = (event: object, frame: Window | null = page): number | undefined =>
    versionFromFrame(event as MessageEvent, frame, HOSTING, invitation.nonce)

  it('gives the version that the frame says', () => {
    expect(versionOf(right)).toBe(VERSION)
  })

  it.each([
    ['another window', { ...right, source: stranger }],
    ['another origin', { ...right, origin: 'https://evil.example' }],
    ['another nonce', { ...right, data: { ...data, nonce: 'guessed' } }],
    ['another message', { ...right, data: { ...data, type: 'holdall:embed-connect' } }],
    ['nothing', { ...right, data: undefined }],
  ])('hears nothing of %s', (_, event) => {
    expect(versionOf(event)).toBeUndefined()
  })

  it('hears nothing of a frame that is gone', () => {
    expect(versionOf({ ...right, source: null }, null)).toBeUndefined()
  })
})
