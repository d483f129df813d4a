// Why: fflate's stream of a ZIP, as its README says; it leaves the download to the page: a Blob.

import { Zip, ZipPassThrough } from 'fflate'
import { onClick, saveBlob } from '../contestant.js'

onClick(async (files) => {
  const chunks = []
  const done = new Promise((resolve, reject) => {
    const archive = new Zip((error, chunk, final) => {
      if (error) return reject(error)
      chunks.push(chunk)
      if (final) resolve()
    })
    add(archive, files).catch(reject)
  })
  await done
  saveBlob(new Blob(chunks, { type: 'application/zip' }))
})

async function add(archive, files) {
  for (const { name, url } of files) {
    const entry = new ZipPassThrough(name)
    archive.add(entry)
    const { body } = await fetch(url)
    const reader = body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      entry.push(value)
    }
    entry.push(new Uint8Array(0), true)
  }
  archive.end()
}
