/** The element's pictures: strokes in the colour of its text, on a ground of 24 by 24. */

import { create } from './create.ts'

const DOWNLOAD = 'M12 4v11m-5-5 5 5 5-5M5 20h14'
const SVG = 'http://www.w3.org/2000/svg'

/** @param path Default: that of a download. */
export function createIcon(path?: string): SVGSVGElement {
  const icon = document.createElementNS(SVG, 'svg')
  icon.setAttribute('viewBox', '0 0 24 24')
  icon.setAttribute('aria-hidden', 'true')
  icon.append(document.createElementNS(SVG, 'path'))
  drawIcon(icon, path)
  return icon
}

/** Makes `icon` another picture. */
export function drawIcon(icon: SVGSVGElement, path: string = DOWNLOAD): void {
  icon.firstElementChild!.setAttribute('d', path)
}

/** `icon` on its round ground. */
export function iconIn(icon: SVGSVGElement): HTMLElement {
  return create('span', { part: 'icon' }, icon)
}
