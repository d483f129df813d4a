import { describe, expect, it } from 'vitest'
import { decodeCss, decodeHtml } from '../../src/bundle/charset.ts'

const resource = (type: string) => ({ headers: [['Content-Type', type]] as const })
const bytes = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0))

describe('the text of a page', () => {
  it.each([
    ['of its header', 'text/html; charset="iso-8859-1"', '\xe4', 'ä', false],
    [
      'of a mark before the header',
      'text/html; charset=iso-8859-1',
      '\xef\xbb\xbf\xc3\xa4',
      'ä',
      true,
    ],
    ['of a mark of UTF-16', 'text/html', '\xff\xfe\xe4\x00', 'ä', false],
    [
      'that it says itself',
      'text/html',
      '<meta charset=windows-1251>\xe4',
      '<meta charset=windows-1251>д',
      false,
    ],
    [
      'UTF-8, that it says itself',
      'text/html',
      '<meta charset=utf8>\xc3\xa4',
      '<meta charset=utf8>ä',
      true,
    ],
    [
      'that it says as a header',
      'text/html',
      '<meta http-equiv=Content-Type content="text/html; charset=utf-8">\xc3\xa4',
      '<meta http-equiv=Content-Type content="text/html; charset=utf-8">ä',
      true,
    ],
    [
      'that it says, but not quite as a header',
      'text/html',
      '<meta http-equiv=content-type content="text/html charset=windows-1251">\xe4',
      '<meta http-equiv=content-type content="text/html charset=windows-1251">д',
      false,
    ],
    [
      'that it says in quotes, behind what says nothing',
      'text/html',
      `<meta http-equiv=content-type content="charset charset = 'windows-1251' utf-8">\xe4`,
      `<meta http-equiv=content-type content="charset charset = 'windows-1251' utf-8">д`,
      false,
    ],
    [
      'that it does not say: a quote is open',
      'text/html',
      `<meta http-equiv=content-type content="charset='windows-1251">\xe4`,
      `<meta http-equiv=content-type content="charset='windows-1251">ä`,
      false,
    ],
    ['that nobody says', 'text/html', '\xc3\xa4', 'ä', false],
    ['that nobody knows', 'text/html; charset=none', '\xc3\xa4', 'ä', false],
    [
      'that nobody knows, but it says itself',
      'text/html; charset=none',
      '<meta charset=windows-1251>\xe4',
      '<meta charset=windows-1251>д',
      false,
    ],
    [
      'UTF-8, where it says UTF-16',
      'text/html',
      '<meta charset=utf-16>\xc3\xa4',
      '<meta charset=utf-16>ä',
      true,
    ],
    [
      'UTF-8, where it says Unicode',
      'text/html',
      '<meta charset=unicode>\xc3\xa4',
      '<meta charset=unicode>ä',
      true,
    ],
    [
      'that it says behind one that nobody knows',
      'text/html',
      '<meta charset=none><meta charset=windows-1251>\xe4',
      '<meta charset=none><meta charset=windows-1251>д',
      false,
    ],
    ['of old pages, if nobody says it and it is no UTF-8', 'text/html', '\xe4', 'ä', false],
    [
      'of its header, though it says UTF-8 itself',
      'text/html; charset=windows-1252',
      '<meta charset=utf-8>\xe4',
      '<meta charset=utf-8>ä',
      false,
    ],
    [
      'said too late',
      'text/html',
      `${' '.repeat(1100)}<meta charset=utf-8>`,
      `${' '.repeat(1100)}<meta charset=utf-8>`,
      false,
    ],
  ])('is read in the encoding %s', (_, type, body, text, saysUtf8) => {
    expect(decodeHtml(bytes(body), resource(type))).toMatchObject({ text, saysUtf8 })
  })
})

it.each([
  ['@charset "iso-8859-1";a{b:"\xe4"}', '@charset "iso-8859-1";a{b:"ä"}'],
  [' @charset "iso-8859-1";a{b:"\xc3\xa4"}', ' @charset "iso-8859-1";a{b:"ä"}'],
])('the text of a style sheet is read as it says: %s', (body, text) => {
  expect(decodeCss(bytes(body), resource('text/css')).text).toBe(text)
})

it.each([
  ['text/css', 'a{b:"\xc3\xa4"}', 'a{b:"ä"}', true],
  ['text/css', '@charset "utf-16";a{b:"\xc3\xa4"}', '@charset "utf-16";a{b:"ä"}', true],
  ['text/css; charset=iso-8859-1', 'a{b:"\xe4"}', 'a{b:"ä"}', false],
  ['text/css', 'a{b:"\xe4"}', 'a{b:"ä"}', false],
  ['text/css', '@charset "iso-8859-1";a{b:"\xe4"}', '@charset "iso-8859-1";a{b:"ä"}', false],
])('a style sheet of %s can stay as it is if it is in UTF-8: %s', (type, body, text, saysUtf8) => {
  expect(decodeCss(bytes(body), resource(type))).toMatchObject({ text, saysUtf8 })
})
