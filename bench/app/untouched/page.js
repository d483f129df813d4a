// Why: what the browser needs for whatever a service worker answers.

import { onClick, openFrame, register } from '../contestant.js'

await register()
onClick((files) => {
  const total = files.reduce((sum, { size }) => sum + size, 0)
  openFrame(`archive.zip?size=${total}`)
})
