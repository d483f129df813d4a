// Why: JSZip, as its README says: files that are Blobs, and one Blob of all.

import JSZip from 'jszip'
import { onClick, saveBlob } from '../contestant.js'

onClick(async (files) => {
  const archive = new JSZip()
  for (const { name, url } of files) {
    const response = await fetch(url)
    archive.file(name, await response.blob())
  }
  saveBlob(await archive.generateAsync({ type: 'blob' }))
})
