/** What templates of frameworks may say of the element, for their types. */

import type { HoldallDownloadElement } from './element.ts'
import type { HoldallDownloadEventMap } from './events.ts'

type Given =
  | 'disabled'
  | 'files'
  | 'htmlFor'
  | 'locale'
  | 'manifest'
  | 'missing'
  | 'name'
  | 'options'
  | 'preload'
  | 'selectable'
  | 'text'

/** Its properties, none of which need be given; and `for`, which is `htmlFor` in markup that a server renders, too. */
export type HoldallDownloadProps = {
  readonly [Name in Given]?: HoldallDownloadElement[Name] | undefined
} & { readonly for?: string | undefined }

/** Its events as attributes: `onholdall-done`, as React and Svelte write it. */
export type HoldallDownloadListeners = {
  readonly [Type in keyof HoldallDownloadEventMap as `on${Type}`]?: (
    event: HoldallDownloadEventMap[Type],
  ) => void
}
