// Why: the encoders alone, holdall's and its peers', each fed from memory as its README says.

import * as conflux from '@transcend-io/conflux'
import * as zipjs from '@zip.js/zip.js'
import { downloadZip } from 'client-zip'
import * as fflate from 'fflate'
import { zipStream } from 'holdall/core'
import JSZip from 'jszip'

/** @param {ReadableStream<Uint8Array>} stream */
async function drain(stream) {
  const reader = stream.getReader()
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return bytes
    bytes += value.length
  }
}

const encoders = {
  holdall: (files) => drain(zipStream(files.map(({ name, bytes }) => ({ name, data: bytes })))),
  'client-zip': (files) =>
    drain(
      downloadZip(
        files.map(({ name, bytes }) => ({ name, input: bytes, lastModified: new Date() })),
      ).body,
    ),
  fflate: (files) =>
    new Promise((resolve, reject) => {
      let length = 0
      const archive = new fflate.Zip((error, chunk, final) => {
        if (error) reject(error)
        length += chunk.length
        if (final) resolve(length)
      })
      for (const { name, bytes } of files) {
        const file = new fflate.ZipPassThrough(name)
        archive.add(file)
        file.push(bytes, true)
      }
      archive.end()
    }),
  'zip.js': async (files) => {
    const { readable, writable } = new TransformStream()
    const drained = drain(readable)
    const writer = new zipjs.ZipWriter(writable, { level: 0, useWebWorkers: false })
    for (const { name, bytes } of files) await writer.add(name, new zipjs.Uint8ArrayReader(bytes))
    await writer.close()
    return drained
  },
  conflux: async (files) => {
    const { readable, writable } = new conflux.Writer()
    const drained = drain(readable)
    const writer = writable.getWriter()
    for (const { name, bytes } of files) {
      await writer.write({
        name,
        lastModified: new Date(),
        stream: () => new Response(bytes).body,
      })
    }
    await writer.close()
    return drained
  },
  jszip: async (files) => {
    const archive = new JSZip()
    for (const { name, bytes } of files) archive.file(name, bytes)
    return (
      await archive.generateAsync({ type: 'uint8array', compression: 'STORE', streamFiles: true })
    ).length
  },
}

/** @type {Record<string, { name: string, bytes: Uint8Array }[]>} */
const sets = {}

function filesOf(count, size) {
  return (sets[`${count}×${size}`] ??= Array.from({ length: count }, (_, index) => ({
    name: `folder/file-${index}.bin`,
    bytes: new Uint8Array(size).fill(index + 1),
  })))
}

Object.assign(window, {
  /** Gives the time, in ms, to make an archive of `count` files of `size` bytes from memory. */
  async encode(encoder, count, size) {
    const input = filesOf(count, size)
    const before = performance.now()
    const bytes = await encoders[encoder](input)
    const time = performance.now() - before
    if (bytes < count * size) throw new Error(`${encoder} made ${bytes} bytes`)
    return time
  },
  ready: true,
})
