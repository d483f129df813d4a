import { expect, it } from 'vitest'
import { checkOptions } from '../../src/manifest/checks.ts'
import { patienceOf } from '../../src/sources/patience.ts'

const defaults = { attempts: 5, silence: 30_000, delay: 500 }
const unset = { attempts: undefined, silence: undefined, delay: 1 } as object

it('is as it is by default, where nothing else is said', () => {
  expect(patienceOf(undefined)).toEqual(defaults)
  expect(patienceOf({ attempts: 2 })).toEqual({ ...defaults, attempts: 2 })
})

it('takes what is undefined for what is not there, as its check does', () => {
  expect(patienceOf(unset)).toEqual({ ...defaults, delay: 1 })
  expect(() => checkOptions({ retry: unset })).not.toThrow()
})
