/** "holdall/svelte": `<holdall-download>` in templates of Svelte 5; types alone, by `"types": ["holdall/svelte"]`. */

import type {
  HoldallDownloadElement,
  HoldallDownloadListeners,
  HoldallDownloadProps,
} from 'holdall/widget-element'
import type { HTMLAttributes } from 'svelte/elements'

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'holdall-download': HTMLAttributes<HoldallDownloadElement> &
      HoldallDownloadProps &
      HoldallDownloadListeners
  }
}
