/** "holdall/widget-element": the class of the element, for who registers it, or one of its own, by a name of theirs. */

export { HoldallDownloadElement } from './widget/element.ts'
export type { HoldallDownloadEventMap } from './widget/events.ts'
export type { Files } from './widget/files.ts'
export type { WidgetJob } from './widget/jobs.ts'
export type { HoldallDownloadListeners, HoldallDownloadProps } from './widget/props.ts'
export type { WidgetState } from './widget/readout.ts'
export type { WidgetText } from './widget/text.ts'
