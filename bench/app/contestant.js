// Why: the pages of all contestants differ in nothing but what a click does.

/** Starts what `path` answers as a download, and leaves the page where it is. */
export function openFrame(path) {
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.src = path
  document.body.append(frame)
}

/** Saves `blob` as libraries say that have no download of their own. */
export function saveBlob(blob) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = 'archive.zip'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** Registers a page's service worker, and waits until it is there for navigations. */
export async function register() {
  const { installing, active } = await navigator.serviceWorker.register('service-worker.js')
  const worker = installing ?? active
  while (worker.state !== 'activated') {
    await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }))
  }
}

/** Has each click download the files of `window.wanted`; what fails is to be seen in `window.failure`. */
export function onClick(download) {
  document.querySelector('button').addEventListener('click', async () => {
    window.clicked = performance.timeOrigin + performance.now()
    const { count, url, size } = window.wanted
    const files = Array.from({ length: count }, (_, index) => ({
      name: `${index}.bin`,
      url: `${url}?${index}`,
      size,
    }))
    try {
      await download(files)
    } catch (error) {
      window.failure = String(error)
    }
  })
  window.ready = true
}
