/** What templates may say of the element: types, so it is the compiler that tries them. */

import { expect, it } from 'vitest'
import type { HoldallDownloadProps } from '../../src/widget/props.ts'

it('takes `for` as it is in markup, and as the property', () => {
  const props = { for: '#gallery a', htmlFor: '#gallery a' } satisfies HoldallDownloadProps
  // @ts-expect-error -- a selector is text
  const wrong: HoldallDownloadProps = { for: 1 }
  expect(props.for).toBe(props.htmlFor)
  expect(wrong).toBeDefined()
})
