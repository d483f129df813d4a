/** The elements of index.html that the demo works with, each looked up once and by its type. */

function element<Type extends Element>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id)
  if (found instanceof type) return found
  throw new Error(`index.html has no ${type.name} with the id "${id}"`)
}

export const page = {
  sources: element('sources', HTMLFieldSetElement),
  pickFiles: element('pick-files', HTMLInputElement),
  pickFolder: element('pick-folder', HTMLInputElement),
  pickFolderLabel: element('pick-folder-label', HTMLLabelElement),
  useSample: element('use-sample', HTMLButtonElement),
  urls: element('urls', HTMLTextAreaElement),
  addUrls: element('add-urls', HTMLButtonElement),
  notice: element('notice', HTMLParagraphElement),

  bag: element('bag', HTMLElement),
  progress: element('progress', HTMLDivElement),
  status: element('status', HTMLParagraphElement),
  left: element('left', HTMLParagraphElement),
  detail: element('detail', HTMLParagraphElement),
  error: element('error', HTMLDivElement),
  plan: element('plan', HTMLParagraphElement),
  clear: element('clear', HTMLButtonElement),
  repairs: element('repairs', HTMLDetailsElement),
  repairsSummary: element('repairs-summary', HTMLElement),
  repairsList: element('repairs-list', HTMLUListElement),
  scroller: element('scroller', HTMLDivElement),
  entries: element('entries', HTMLUListElement),
  invitation: element('invitation', HTMLDivElement),

  archiveName: element('archive-name', HTMLInputElement),
  leaveOut: element('leave-out', HTMLInputElement),
  download: element('download', HTMLButtonElement),
  pause: element('pause', HTMLButtonElement),
  cancel: element('cancel', HTMLButtonElement),

  copyNote: element('copy-note', HTMLDivElement),
  takeSection: element('take-section', HTMLElement),
  takeState: element('take-state', HTMLParagraphElement),
  take: element('take', HTMLButtonElement),

  interrupted: element('interrupted', HTMLElement),
  interruptedList: element('interrupted-list', HTMLUListElement),

  bench: element('bench', HTMLDetailsElement),
  abilities: element('abilities', HTMLUListElement),
  useMany: element('use-many', HTMLButtonElement),
  saveTo: element('save-to', HTMLButtonElement),
  inMemory: element('in-memory', HTMLButtonElement),
  announcer: element('announcer', HTMLParagraphElement),
} as const

/** A new element with a class and, if given, a text. */
export function create<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  text?: string,
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  if (className !== '') made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

const SVG = 'http://www.w3.org/2000/svg'

/** Icons of rows, of which there are many: those of index.html are shown by way of a copy each. */
const PATHS = {
  remove: 'M7 7l10 10M17 7L7 17',
  done: 'M5 12.5l4.5 4.5L19 7.5',
  failed: 'M12 5v9M12 18.5v.01',
}

export function icon(name: keyof typeof PATHS): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('viewBox', '0 0 24 24')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', PATHS[name])
  svg.append(path)
  return svg
}
