/** `zip()` where there is no page: in Node, or where an app is rendered by a server. */

import { expect, it } from 'vitest'
import { zip } from '../../src/index.ts'

it('says what is for servers', () => {
  expect(() => zip(['https://app.test/1.jpg'])).toThrow(/on a server, use holdall\/core/)
})
