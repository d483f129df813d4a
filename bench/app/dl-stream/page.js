// Why: a list of files for the service worker beside this page, which was registered when it was loaded.

import { onClick, openFrame, register } from '../contestant.js'

await register()
onClick((files) => {
  const [{ url, size }] = files
  openFrame(`archive.zip?count=${files.length}&size=${size}&url=${url.replace(/\?.*/, '')}`)
})
