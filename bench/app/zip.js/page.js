// Why: zip.js, as its README says: a ZipWriter into a BlobWriter, with its workers.

import { BlobWriter, ZipWriter } from '@zip.js/zip.js'
import { onClick, saveBlob } from '../contestant.js'

onClick(async (files) => {
  const writer = new ZipWriter(new BlobWriter('application/zip'), { level: 0 })
  for (const { name, url } of files) {
    const { body } = await fetch(url)
    await writer.add(name, body)
  }
  saveBlob(await writer.close())
})
