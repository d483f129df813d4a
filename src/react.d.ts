/** "holdall/react": `<holdall-download>` in the JSX of React 19; types alone, by `"types": ["holdall/react"]`. */

import type {
  HoldallDownloadElement,
  HoldallDownloadListeners,
  HoldallDownloadProps,
} from 'holdall/widget-element'
import type { DetailedHTMLProps, HTMLAttributes } from 'react'

type Native = DetailedHTMLProps<HTMLAttributes<HoldallDownloadElement>, HoldallDownloadElement>

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'holdall-download': Native & HoldallDownloadProps & HoldallDownloadListeners
    }
  }
}
