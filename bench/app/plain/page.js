// Why: what the browser needs for as many bytes of one file that lies on the server.

import { onClick } from '../contestant.js'

onClick((files) => {
  const total = files.reduce((sum, { size }) => sum + size, 0)
  const link = document.createElement('a')
  link.href = `/data/${total}`
  link.download = 'archive.bin'
  link.click()
})
