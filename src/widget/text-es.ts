/** What the element says, in Spanish. */

import type { WidgetText } from './text.ts'

export const text: WidgetText = {
  download: 'Descargar todo',
  downloadSelected: 'Descargar la selección',
  files: (count, formatted) => `${formatted} ${count === 1 ? 'archivo' : 'archivos'}`,
  chosen: (count, all) => `${count} de ${all}`,
  empty: 'Ningún archivo',
  preparing: 'Preparando',
  running: 'Descargando',
  waiting: 'Esperando la red',
  paused: 'En pausa',
  byPage: 'Esta página lo guarda: no la cierre',
  done: 'Descargado',
  failed: 'Error en la descarga',
  cancelled: 'Cancelado',
  keepOpen: 'Mantenga esta página abierta',
  of: (done, total) => `${done} de ${total}`,
  left: (time) => `quedan ${time}`,
  pause: 'Pausar',
  resume: 'Reanudar',
  cancel: 'Cancelar',
  retry: 'Reintentar',
  again: 'Otra vez',
  interrupted: (name, share) => `Reanudar ${name}${share && ` (${share})`}`,
  choose: 'Elegir archivos',
  all: 'Todos los archivos',
  progress: 'Progreso',
  reason: (error, file) => (file === undefined ? error.message : `No se pudo descargar «${file}».`),
  leftOut: (count, formatted) =>
    `${formatted} ${count === 1 ? 'archivo omitido' : 'archivos omitidos'}`,
  separator: ', ',
}
