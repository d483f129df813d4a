/** What templates of frameworks may say of the element, for their types. */

import type { HoldallDownloadElement } from './element.ts'
import type { HoldallDownloadEventMap } from './events.ts'

/** Its properties, none of which need be given. */
export type HoldallDownloadProps = Partial<
  Pick<
    HoldallDownloadElement,
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
  >
>

/** Its events as attributes: `onholdall-done`, as React and Svelte write it. */
export type HoldallDownloadListeners = {
  readonly [Type in keyof HoldallDownloadEventMap as `on${Type}`]?: (
    event: HoldallDownloadEventMap[Type],
  ) => void
}
