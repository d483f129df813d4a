// Why: downzip, as its README says, with its own service worker; the link is clicked as soon as there is one.

import downzip from 'downzip'
import { onClick } from '../contestant.js'

// what it exports by default, as bundlers see CommonJS from a package of modules
const { default: DownZip } = downzip
const downZip = new DownZip()
await downZip.register()
onClick(async (files) => {
  const list = files.map(({ name, url, size }) => ({ name, downloadUrl: url, size }))
  const link = document.createElement('a')
  link.href = await downZip.downzip(crypto.randomUUID(), 'archive', list)
  link.click()
})
