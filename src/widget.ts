/** "holdall/widget": registers `<holdall-download>`. */

import { HoldallDownloadElement } from './widget-element.ts'

export {
  HoldallDownloadElement,
  type Files,
  type HoldallDownloadEventMap,
  type HoldallDownloadListeners,
  type HoldallDownloadProps,
  type WidgetJob,
  type WidgetState,
  type WidgetText,
} from './widget-element.ts'

declare global {
  interface HTMLElementTagNameMap {
    'holdall-download': HoldallDownloadElement
  }
}

// there is none where pages are only rendered to text; and another copy may have been first
if (globalThis.customElements?.get('holdall-download') === undefined) {
  globalThis.customElements?.define('holdall-download', HoldallDownloadElement)
}
