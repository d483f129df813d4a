/** Archives with an entry over 4 GiB; the other half is in another file, to be tried beside these. */

import { expect, it } from 'vitest'
import { LARGE } from './corpus/large.ts'
import { checkEach, checkItself } from './large.ts'
import { OTHERS } from './over-4-gib.ts'

const over = Object.keys(LARGE).filter((name) => name.startsWith('over'))

it('are all tried, here or there', () => {
  expect(over).toEqual(expect.arrayContaining([...OTHERS]))
  expect(over).toHaveLength(4)
})

checkEach(
  over.filter((name) => !OTHERS.includes(name)),
  checkItself,
)
