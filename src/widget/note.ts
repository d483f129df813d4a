/** What the user has to know besides: that the page is to be kept open, say. Loaded with the panel. */

import type { Facts } from './readout.ts'
import type { WidgetText } from './text.ts'

/** Empty if there is nothing to say. */
export function noteOf({ byPage, needsPage, report, error }: Facts, text: WidgetText): string {
  if (report !== undefined || error !== undefined) return ''
  if (byPage === true) return text.byPage
  return needsPage === true ? text.keepOpen : ''
}
