// Why: bounded memory is a promise; here it is weighed, all processes of the browser together.

import { areCounted, memoryInUse } from '../browser/processes.mjs'
import { clickDownload, start } from '../browser/start.mjs'
import { streaming } from '../contestants.mjs'
import { inTurn, summary } from '../statistics.mjs'
import { figure } from './figure.mjs'

const COUNT = 20
const SIZE = 256 * 2 ** 20
/** What is at most, in minutes of sampling, changes little from round to round: one in so many will do. */
const ROUNDS_PER_RUN = 3
/** Who needs more than this does not bound its memory, and must not take the machine's, in MiB. */
const LIMIT = 4096

/**
 * The most that a download adds to a browser that was started for it, in MiB.
 *
 * @param {string} name
 */
async function growth(name) {
  const browser = await start()
  let timer
  try {
    const page = await browser.open(name)
    await new Promise((resolve) => setTimeout(resolve, 2000))
    const before = memoryInUse()
    let most = 0
    const tooMuch = new Promise((_, reject) => {
      timer = setInterval(() => {
        most = Math.max(most, memoryInUse() - before)
        if (most > LIMIT)
          reject(new Error(`it needed more than ${LIMIT / 1024} GiB, and was stopped`))
      }, 250)
    })
    const whole = clickDownload(page, { count: COUNT, size: SIZE, url: `/data/${SIZE}` })
    whole.catch(() => undefined) // it was stopped
    await Promise.race([whole, tooMuch])
    return most
  } finally {
    clearInterval(timer)
    await browser.close()
  }
}

/** @param {number} rounds */
export async function memory(rounds) {
  if (!areCounted('memory')) return []
  const names = ['holdall', 'plain', 'untouched', ...streaming]
  const { measured, failures } = await inTurn(
    Math.ceil(rounds / ROUNDS_PER_RUN),
    Object.fromEntries(names.map((name) => [name, () => growth(name)])),
  )
  const most = (/** @type {string} */ name) => summary(measured[name] ?? []).median
  return [
    figure({
      name: 'memory',
      title: 'Growth of all processes of the browser while 20 files of 256 MiB pass',
      unit: 'MiB',
      measured,
      failures,
      targets: [
        {
          text: 'at most 96 MiB more than a plain download',
          wanted: 96,
          found: most('holdall') - most('plain'),
          unit: 'MiB',
          atMost: true,
        },
      ],
    }),
  ]
}
