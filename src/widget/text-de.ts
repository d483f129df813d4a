/** What the element says, in German. */

import type { WidgetText } from './text.ts'

export const text: WidgetText = {
  download: 'Alle herunterladen',
  downloadSelected: 'Auswahl herunterladen',
  files: (count, formatted) => `${formatted} ${count === 1 ? 'Datei' : 'Dateien'}`,
  chosen: (count, all) => `${count} von ${all}`,
  empty: 'Keine Dateien',
  preparing: 'Wird vorbereitet',
  running: 'Wird heruntergeladen',
  waiting: 'Wartet auf das Netz',
  paused: 'Angehalten',
  byPage: 'Diese Seite speichert selbst: bitte offen lassen',
  done: 'Fertig',
  failed: 'Fehlgeschlagen',
  cancelled: 'Abgebrochen',
  keepOpen: 'Diese Seite geöffnet lassen',
  of: (done, total) => `${done} von ${total}`,
  left: (time) => `noch ${time}`,
  pause: 'Anhalten',
  resume: 'Fortsetzen',
  cancel: 'Abbrechen',
  retry: 'Noch einmal',
  again: 'Noch einmal',
  interrupted: (name, share) => `${name} fortsetzen${share && ` (${share})`}`,
  choose: 'Dateien auswählen',
  all: 'Alle Dateien',
  progress: 'Fortschritt',
  reason: (error, file) =>
    file === undefined ? error.message : `„${file}“ konnte nicht geladen werden.`,
  leftOut: (count, formatted) => `${formatted} ${count === 1 ? 'Datei' : 'Dateien'} ausgelassen`,
  separator: ', ',
}
