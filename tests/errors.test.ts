import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HoldallError, isHoldallError, type ErrorCode, type ErrorDetails } from '../src/errors.ts'
import { fromWire, toWire } from '../src/port/wire-error.ts'

const DETAILS: ErrorDetails = {
  'no-files': {},
  'invalid-file': { index: 3 },
  'missing-name': { index: 3 },
  'name-too-long': { entry: 'a…', length: 65_536 },
  'duplicate-name': { entry: 'a' },
  'invalid-url': { entry: 'a', url: 'https://' },
  'invalid-size': { entry: 'a', size: -1 },
  'invalid-crc32': { entry: 'a', crc32: 1.5 },
  'invalid-metadata': { entry: 'a', field: 'mode' },
  'comment-too-long': { length: 65_536 },
  'unsafe-symlink': { entry: 'a', target: '/etc' },
  'stream-used': { entry: 'a' },
  'invalid-manifest': { path: '$.files[3].size', url: 'https://host/m.json' },
  'invalid-option': { option: 'retry.attempts' },
  'invalid-checkpoint': { reason: 'another plan' },
  'source-failed': { entry: 'a', url: 'https://host/a', status: 404 },
  'source-changed': { entry: 'a', url: 'https://host/a' },
  'size-mismatch': { entry: 'a', planned: 2, actual: 1 },
  'crc-mismatch': { entry: 'a', planned: 2, actual: 1 },
  'sha256-mismatch': { entry: 'a', planned: 'ab', actual: 'cd' },
  'length-mismatch': { planned: 2, actual: 1 },
  cancelled: { by: 'browser' },
  'already-started': {},
  'sink-failed': {},
  'upload-failed': { part: 3, url: 'https://host/a.zip', status: 403 },
  'sink-unavailable': { sink: 'save-picker' },
  'too-large-for-memory': { limit: 2, length: 3 },
  'service-worker-unsupported': {},
  'insecure-context': { origin: 'http://host' },
  'service-worker-not-found': { url: 'https://host/sw.js', status: 404 },
  'service-worker-wrong-type': { url: 'https://host/sw.js', type: 'text/html' },
  'service-worker-scope': { url: 'https://host/sw.js', scope: 'https://host/' },
  'service-worker-failed': { url: 'https://host/sw.js' },
  'embed-failed': { origin: 'https://host' },
  'handoff-failed': { url: 'https://host/holdall/1.zip' },
  'load-failed': {},
  'worker-failed': {},
  'delivery-lost': { reason: 'no-keep-alive' },
  'invalid-bundle': { path: '$.responses[3].url' },
  'bundle-mismatch': { url: 'https://host/a', entry: 'a', field: 'size', planned: 2, actual: 1 },
  'bundle-too-large': { limit: 'entries', allowed: 1, actual: 2 },
  'foreign-origin': { origin: 'https://host' },
  'storage-failed': { quota: true, undone: true },
}

const CODES = Object.keys(DETAILS) as ErrorCode[]

/** `error` as another thread gets it. */
function carry(error: unknown): Error {
  return fromWire(structuredClone(toWire(error)))
}

describe('HoldallError', () => {
  it('says what is wrong to people, and to programs', () => {
    const error = new HoldallError('duplicate-name', 'Two files named "a"', { entry: 'a' })
    expect(error).toBeInstanceOf(Error)
    expect(String(error)).toBe('HoldallError: Two files named "a"')
    expect(error.code).toBe('duplicate-name')
    expect(error.detail.entry).toBe('a')
    expect(error.cause).toBeUndefined()
  })

  it('keeps what caused it', () => {
    const cause = new RangeError('full')
    expect(new HoldallError('sink-failed', 'Cannot write', {}, { cause }).cause).toBe(cause)
  })
})

describe('toWire() and fromWire()', () => {
  it.each(CODES)('keep class, message, code and detail of %s', (code) => {
    const error = new HoldallError(code, `It is ${code}`, DETAILS[code])
    const carried = carry(error)
    expect(carried).toBeInstanceOf(HoldallError)
    expect(isHoldallError(carried, code)).toBe(true)
    expect(carried).toMatchObject({ name: 'HoldallError', code, detail: DETAILS[code] })
    expect(carried.message).toBe(error.message)
  })

  it('keep any message', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CODES), fc.string({ unit: 'binary' }), (code, message) => {
        expect(carry(new HoldallError(code, message, DETAILS[code])).message).toBe(message)
        expect(carry(new Error(message)).message).toBe(message)
      }),
    )
  })

  it('make a plain error of a plain error', () => {
    const carried = carry(new RangeError('too far'))
    expect(carried).toBeInstanceOf(Error)
    expect(isHoldallError(carried)).toBe(false)
    expect(carried.message).toBe('too far')
  })

  it.each([
    ['a string', 'a string'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Symbol('why'), 'Symbol(why)'],
    [7n, '7'],
  ])('make an error of %s that was thrown', (thrown, message) => {
    expect(carry(thrown)).toMatchObject({ name: 'Error', message })
  })

  it('carry errors of another copy of the package', () => {
    const carried = carry(Object.assign(otherCopy(), { message: 'gone' }))
    expect(carried).toBeInstanceOf(HoldallError)
    expect(carried).toMatchObject({ code: 'source-failed', detail: { entry: 'a' } })
  })
})

/** What another copy of the package, in another bundle of the same page, would throw. */
function otherCopy(): Error {
  class HoldallError extends Error {
    override readonly name = 'HoldallError'
    readonly code = 'source-failed'
    readonly detail = { entry: 'a' }
  }
  return new HoldallError('Cannot fetch "a"')
}

describe('isHoldallError()', () => {
  it('knows its own by code', () => {
    const error = new HoldallError('no-files', 'empty', {})
    expect(isHoldallError(error)).toBe(true)
    expect(isHoldallError(error, 'no-files')).toBe(true)
    expect(isHoldallError(error, 'cancelled')).toBe(false)
  })

  it('knows those of another copy of the package', () => {
    expect(otherCopy()).not.toBeInstanceOf(HoldallError)
    expect(isHoldallError(otherCopy())).toBe(true)
    expect(isHoldallError(otherCopy(), 'source-failed')).toBe(true)
    expect(isHoldallError(otherCopy(), 'no-files')).toBe(false)
  })

  it('refuses everything else', () => {
    const plain = { name: 'HoldallError', code: 'no-files', message: '', detail: {} }
    for (const value of [new Error('x'), new DOMException('x'), plain, 'x', null, undefined, 1]) {
      expect(isHoldallError(value)).toBe(false)
    }
    fc.assert(fc.property(fc.anything(), (value) => !isHoldallError(value)))
  })
})
