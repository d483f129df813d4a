// Why: what the benches ask of a page, holdall and its peers side by side, each as its README says.

import * as conflux from '@transcend-io/conflux'
import * as zipjs from '@zip.js/zip.js'
import { downloadZip } from 'client-zip'
import * as fflate from 'fflate'
import { zip } from 'holdall'
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

/** The Web Worker that was started last. */
let lastWorker
window.Worker = class extends Worker {
  constructor(...parameters) {
    super(...parameters)
    lastWorker = this
  }
}

/** How long the page was blocked at most, by a message to itself that is always under way. */
let longest = 0
let last = 0
let watching = false
const pulse = new MessageChannel()
pulse.port1.onmessage = () => {
  const now = performance.now()
  longest = Math.max(longest, now - last)
  last = now
  if (watching) watch()
}

function watch() {
  setTimeout(() => pulse.port2.postMessage(undefined), 0)
}

Object.assign(window, {
  zip,
  /** Gives the time, in ms, to make an archive of `count` files of `size` bytes from memory. */
  async encode(encoder, count, size) {
    const input = filesOf(count, size)
    const before = performance.now()
    const bytes = await encoders[encoder](input)
    const time = performance.now() - before
    if (bytes < count * size) throw new Error(`${encoder} made ${bytes} bytes`)
    return time
  },
  forget: () => Object.keys(sets).forEach((key) => delete sets[key]),
  async register(folder) {
    const registration = await navigator.serviceWorker.register(`/${folder}/worker.js`)
    const worker = registration.installing ?? registration.active
    while (worker.state !== 'activated') {
      await new Promise((resolve) =>
        worker.addEventListener('statechange', resolve, { once: true }),
      )
    }
  },
  frame(url) {
    const frame = document.createElement('iframe')
    frame.hidden = true
    frame.src = url
    document.body.append(frame)
  },
  prepareTiny(count, size) {
    sets.tiny = filesOf(count, size).map(({ name, bytes }) => ({ name, data: bytes }))
  },
  downloadTiny() {
    longest = 0
    const job = zip(sets.tiny).download()
    void job.finally(() => (watching = false))
    watching = true
    last = performance.now()
    watch()
    return job
  },
  /** The longest time that the page was blocked during `downloadTiny`, in ms. */
  blocked: () => longest,
  /**
   * Kills the worker of a download of `files` when `after` bytes are made; gives how long it is until the
   * service worker has made more, in ms, and the bytes that the browser had by then.
   */
  async takeOver(files, after) {
    let made = 0
    const job = zip(files)
    const news = new BroadcastChannel('holdall')
    let had = 0
    news.onmessage = ({ data }) => {
      if (data.state === 'taken-over' && had === 0) had = data.bytes
    }
    const gap = new Promise((resolve) => {
      let killed
      job.addEventListener('progress', ({ progress }) => {
        made = progress.bytes
        if (killed === undefined && made > after) {
          killed = performance.now()
          lastWorker.terminate()
        }
        if (job.state === 'taken-over') resolve(performance.now() - killed)
      })
    })
    await job.download()
    news.close()
    return { gap: await gap, had }
  },
  /** Gives the time, in ms, to write the archive of `files` to a file in private storage. */
  async save(files, resumable) {
    const root = await navigator.storage.getDirectory()
    const handle = await root.getFileHandle('saved.zip', { create: true })
    const before = performance.now()
    await zip(files, { resumable }).saveTo(handle)
    const time = performance.now() - before
    await root.removeEntry('saved.zip')
    return time
  },
  ready: true,
})
