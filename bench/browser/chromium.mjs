// Why: test tools hold up each worker when it starts, keep service workers from being stopped, and watch each
// request, which costs more than some that is measured. Here a page is told what to do, and nothing is watched.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import CDP from 'chrome-remote-interface'
import { CHROMIUM_ARGUMENTS, findChromium } from '../../scripts/setup.mjs'
import { longestTask } from './trace.mjs'

/** How long Chromium may take to start, and to end, and a page to be ready, in ms. */
const STARTS_WITHIN = 30_000
const ENDS_WITHIN = 10_000
const READY_WITHIN = 30_000
/** How often it is looked whether a page is ready, in ms. */
const LOOK_EVERY = 20

/**
 * Chromium loads pages of its own beside the first one, and for the address bar of each window: a user's window has been
 * there long before the click.
 */
const ITS_OWN_PAGES = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup']

const ARGUMENTS = [
  '--headless',
  '--remote-debugging-port=0',
  '--no-startup-window',
  `--disable-features=${ITS_OWN_PAGES.join()}`,
  ...CHROMIUM_ARGUMENTS,
]

/**
 * A download: where it is to be, and a promise of whether it is whole.
 *
 * @typedef {{ path: string, whole: Promise<boolean> }} Download
 */

/** @typedef {Awaited<ReturnType<typeof launch>>} Chromium */
/** @typedef {Awaited<ReturnType<Chromium['open']>>} Page */

/**
 * Starts Chromium, with a profile of its own.
 *
 * @param {string} downloads Where it puts its downloads.
 * @param {readonly string[]} [more] Arguments.
 */
export async function launch(downloads, more = []) {
  const program = findChromium()
  if (program === undefined) throw new Error('There is no Chromium: run node scripts/setup.mjs')
  const profile = mkdtempSync(join(tmpdir(), 'holdall-bench-profile-'))
  const child = spawn(program, [...ARGUMENTS, ...more, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = new Promise((resolve) => {
    child.once('exit', resolve)
    child.once('error', resolve) // it never began, and so never ends
  })
  const end = async () => {
    const timer = setTimeout(kill, ENDS_WITHIN)
    await ended
    clearTimeout(timer)
    process.off('exit', kill)
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    const client = await CDP({ target: await endpointOf(child), local: true })
    const browser = await drive(client, downloads)
    const close = async () => {
      await client.send('Browser.close').catch(kill)
      await end()
    }
    return { ...browser, close }
  } catch (error) {
    kill()
    await end()
    throw error
  }
}

/**
 * Where it listens, as it says itself.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<string>}
 */
function endpointOf(child) {
  return new Promise((resolve, reject) => {
    /** @type {string[]} */
    const said = []
    const fail = (/** @type {string} */ how) => {
      clearTimeout(timer)
      reject(new Error(`Chromium ${how}: ${said.slice(-3).join(' ') || 'it says nothing'}`))
    }
    const timer = setTimeout(() => fail('does not start'), STARTS_WITHIN)
    child.once('error', (error) => fail(`cannot be started (${error.message})`))
    child.once('exit', () => fail('ends at once'))
    createInterface(/** @type {import('node:stream').Readable} */ (child.stderr)).on(
      'line',
      (line) => {
        said.push(line)
        const endpoint = /^DevTools listening on (ws:\S+)/.exec(line)?.[1]
        if (endpoint === undefined) return
        clearTimeout(timer)
        resolve(endpoint)
      },
    )
  })
}

/**
 * @param {import('chrome-remote-interface').Client} client
 * @param {string} downloads
 */
async function drive(client, downloads) {
  // tells of targets that crash, and attaches to none
  await client.send('Target.setDiscoverTargets', { discover: true })
  let isRunning = true
  /** Whom to tell that a page breaks down. @type {Map<string, (error: Error) => void>} */
  const crashed = new Map()
  client.on('disconnect', () => {
    isRunning = false
    for (const reject of crashed.values()) reject(new Error('the browser broke down'))
  })
  client.on('Target.targetCrashed', ({ targetId }) =>
    crashed.get(targetId)?.(new Error('its page broke down')),
  )

  /** What waits for the next download to begin, if anything does. */
  let begun = (/** @type {Download} */ _) => {}
  /** What to call when one is over, by its id. @type {Map<string, (whole: boolean) => void>} */
  const under = new Map()
  client.on('Browser.downloadWillBegin', ({ guid }) => {
    const whole = new Promise((resolve) => under.set(guid, resolve))
    begun({ path: join(downloads, guid), whole })
  })
  client.on('Browser.downloadProgress', ({ guid, state }) => {
    if (state === 'inProgress') return
    under.get(guid)?.(state === 'completed')
    under.delete(guid)
  })

  return {
    version: (await client.send('Browser.getVersion')).product.replace(/^.*\//, ''),
    isRunning: () => isRunning,
    /** A new window, of a user who has been nowhere yet. */
    async newContext() {
      const { browserContextId } = await client.send('Target.createBrowserContext')
      await client.send('Browser.setDownloadBehavior', {
        behavior: 'allowAndName',
        browserContextId,
        downloadPath: downloads,
        eventsEnabled: true,
      })
      return {
        browserContextId,
        close: () => client.send('Target.disposeBrowserContext', { browserContextId }),
      }
    },
    /**
     * @param {string} url
     * @param {{ readonly browserContextId: string }} context
     */
    async open(url, { browserContextId }) {
      const { targetId } = await client.send('Target.createTarget', { url, browserContextId })
      const { sessionId } = await client.send('Target.attachToTarget', { targetId, flatten: true })
      /** @type {Promise<never>} */
      const crash = new Promise((_, reject) => crashed.set(targetId, reject))
      crash.catch(() => undefined) // told to whoever waits for something
      /** @type {() => Promise<Download>} */
      const nextDownload = () => new Promise((resolve) => void (begun = resolve))
      return pageOf(client, { targetId, sessionId, browserContextId }, nextDownload, crash)
    },
  }
}

/**
 * @param {import('chrome-remote-interface').Client} client
 * @param {{ targetId: string, sessionId: string, browserContextId: string }} target
 * @param {() => Promise<Download>} nextDownload
 * @param {Promise<never>} crash
 */
function pageOf(client, { targetId, sessionId, browserContextId }, nextDownload, crash) {
  /**
   * The value of `expression`, when it is there.
   *
   * @param {string} expression
   * @returns {Promise<any>}
   */
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await client.send(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true },
      sessionId,
    )
    if (exceptionDetails === undefined) return result.value
    const { exception, text } = exceptionDetails
    throw new Error(exception?.description ?? text)
  }
  return {
    evaluate,
    /** The next download of this browser, when it has begun: told to who has asked last, before what begins it. */
    nextDownload,
    /** Rejects when the page, or the browser with it, breaks down. */
    crash,
    /** The most of a processor's time that one task of the page took while `work` was done, in ms. */
    longestTask: (/** @type {() => Promise<unknown>} */ work) =>
      longestTask(client, evaluate, work),
    /** @param {string} condition An expression: waits until it is true. */
    async until(condition) {
      const late = Date.now() + READY_WITHIN
      // while it is loaded, there may be nothing yet that could answer
      const isTrue = () => evaluate(`Boolean(${condition})`).catch(() => false)
      while (!(await Promise.race([isTrue(), crash]))) {
        if (Date.now() > late) throw new Error(`its page never had ${condition}`)
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY))
      }
    },
    /** A user's click, with the mouse. */
    async click(/** @type {string} */ selector) {
      const place = await evaluate(
        `(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 }))(document.querySelector('${selector}').getBoundingClientRect())`,
      )
      for (const type of /** @type {const} */ (['mousePressed', 'mouseReleased'])) {
        const event = { ...place, type, button: /** @type {const} */ ('left'), clickCount: 1 }
        await client.send('Input.dispatchMouseEvent', event, sessionId)
      }
    },
    /** Closes it, and stops its service worker at once, which browsers do half a minute later. */
    async leave() {
      await client.send('Target.closeTarget', { targetId })
      const blank = { url: 'about:blank', browserContextId }
      const { targetId: other } = await client.send('Target.createTarget', blank)
      const attached = await client.send('Target.attachToTarget', {
        targetId: other,
        flatten: true,
      })
      await client.send('ServiceWorker.enable', undefined, attached.sessionId)
      await client.send('ServiceWorker.stopAllWorkers', undefined, attached.sessionId)
      await client.send('Target.closeTarget', { targetId: other })
    },
  }
}
