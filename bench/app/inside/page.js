// Why: what no page of a user does: kills its worker, and watches how long its thread is blocked.

import { zip } from 'holdall'

/** The Web Worker that was started last. */
let lastWorker
window.Worker = class extends Worker {
  constructor(...parameters) {
    super(...parameters)
    lastWorker = this
  }
}

/** The files of `downloadTiny`. */
let tiny = []

/** How long the page was blocked at most, by a message to itself that is always under way. */
let longest = 0
let last = 0
let watching = false
/** What lies between two of them, in ms: without a pause they would take a processor for themselves. */
const PULSE = 4
const pulse = new MessageChannel()
pulse.port1.onmessage = () => {
  const now = performance.now()
  longest = Math.max(longest, now - last)
  last = now
  if (watching) watch()
}

function watch() {
  setTimeout(() => pulse.port2.postMessage(undefined), PULSE)
}

Object.assign(window, {
  zip,
  prepareTiny(count, size) {
    tiny = Array.from({ length: count }, (_, index) => ({
      name: `folder/file-${index}.bin`,
      data: new Uint8Array(size).fill(index + 1),
    }))
  },
  downloadTiny() {
    longest = 0
    const job = zip(tiny).download()
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
    let had = 0
    const job = zip(files)
    const news = new BroadcastChannel('holdall')
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
