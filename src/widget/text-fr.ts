/** What the element says, in French. */

import type { WidgetText } from './text.ts'

export const text: WidgetText = {
  download: 'Tout télécharger',
  downloadSelected: 'Télécharger la sélection',
  files: (count, formatted) => `${formatted} ${count < 2 ? 'fichier' : 'fichiers'}`,
  chosen: (count, all) => `${count} sur ${all}`,
  empty: 'Aucun fichier',
  preparing: 'Préparation',
  running: 'Téléchargement',
  waiting: 'En attente du réseau',
  paused: 'En pause',
  byPage: 'Cette page l’enregistre elle-même\xa0: gardez-la ouverte',
  done: 'Téléchargé',
  failed: 'Échec du téléchargement',
  cancelled: 'Annulé',
  keepOpen: 'Gardez cette page ouverte',
  of: (done, total) => `${done} sur ${total}`,
  left: (time) => `encore ${time}`,
  pause: 'Mettre en pause',
  resume: 'Reprendre',
  cancel: 'Annuler',
  retry: 'Réessayer',
  again: 'Encore',
  interrupted: (name, share) => `Reprendre ${name}${share && ` (${share})`}`,
  choose: 'Choisir les fichiers',
  all: 'Tous les fichiers',
  progress: 'Progression',
  reason: (error, file) =>
    file === undefined ? error.message : `Impossible de télécharger «\xa0${file}\xa0».`,
  leftOut: (count, formatted) => `${formatted} ${count < 2 ? 'fichier omis' : 'fichiers omis'}`,
  separator: ', ',
}
