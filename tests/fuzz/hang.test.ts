/** That a fuzz run finds what hangs. */

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hold } from './fuzz.ts'

const never = (): Promise<void> => new Promise(() => undefined)
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

it('fails with what never ends, and says for which input', async () => {
  let runs = 0
  const hangs = fc.asyncProperty(fc.constant('this'), () => (++runs > 3 ? never() : soon()))
  await expect(hold(hangs, 200, 50)).rejects.toThrow('It hangs with ["this"]')
  expect(runs).toBe(4)
})

it('passes with what ends after the time is up', async () => {
  await hold(
    fc.asyncProperty(fc.nat(), () => soon()),
    52,
    1000,
  )
})

it('fails with what fails after the time is up', async () => {
  let runs = 0
  const late = fc.asyncProperty(fc.nat(), async () => {
    if (++runs > 1) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      throw new Error('too late to be seen')
    }
  })
  await expect(hold(late, 50, 1000)).rejects.toThrow('too late to be seen')
})
