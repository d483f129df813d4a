/** "holdall/vue": `<holdall-download>` in templates of Vue 3; types alone, by `"types": ["holdall/vue"]`. */

import type {
  HoldallDownloadElement,
  HoldallDownloadEventMap,
  HoldallDownloadProps,
} from 'holdall/widget-element'
import type { EmitFn, HTMLAttributes, PublicProps } from 'vue'

type Emits = {
  [Type in keyof HoldallDownloadEventMap]: (event: HoldallDownloadEventMap[Type]) => void
}

/** A custom element as Vue's own documents type one. */
type CustomElement = new () => HoldallDownloadElement & {
  /** @deprecated Only for the types of templates. */
  $props: HTMLAttributes & HoldallDownloadProps & PublicProps
  /** @deprecated Only for the types of templates. */
  $emit: EmitFn<Emits>
}

declare module 'vue' {
  interface GlobalComponents {
    'holdall-download': CustomElement
  }
}
