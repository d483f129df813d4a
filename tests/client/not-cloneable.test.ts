/** What is said of a job that cannot be sent. */

import { expect, it, onTestFinished, vi } from 'vitest'
import { notCloneable } from '../../src/client/not-cloneable.ts'

const said = (sent: object): unknown => notCloneable(sent, new Error('no'), (place) => place)

it('names the file and its field', () => {
  expect(said(['/a', { name: 'b', data: Promise.resolve() }])).toMatchObject({
    code: 'invalid-file',
    detail: { index: 1 },
    message: 'Cannot pack file 1, "b": its data, a value of type object, is no plain data',
  })
})

it('names the field beside bytes', () => {
  const file = { name: 'a', data: new Uint8Array(1), lastModified: () => 0 }
  expect(said([file])).toMatchObject({
    message: expect.stringContaining('its lastModified, a value of type function,') as string,
  })
})

it('copies no bytes to find out, which all files have in one buffer', () => {
  const clone = vi.spyOn(globalThis, 'structuredClone')
  onTestFinished(() => clone.mockRestore())
  const packed = new Uint8Array(2)
  const files = [
    { name: 'a', data: packed.subarray(0, 1) },
    { name: 'b', data: packed.subarray(1) },
    { name: 'c', data: Promise.resolve() },
  ]
  expect(said(files)).toMatchObject({ detail: { index: 2 } })
  for (const [value] of clone.mock.calls) {
    expect(Object.values(Object(value) as object).filter((one) => ArrayBuffer.isView(one))).toEqual(
      [],
    )
    expect(ArrayBuffer.isView(value)).toBe(false)
  }
})
