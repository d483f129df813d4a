// Why: thousands of small files are bound by latency, which one request after the other adds up.

import { LATENCY } from '../browser/server.mjs'
import { clickDownload, start } from '../browser/start.mjs'
import { collecting, streaming } from '../contestants.mjs'
import { inTurn, ratio, summary } from '../statistics.mjs'
import { figure } from './figure.mjs'

const COUNT = 5000
const SIZE = 10 * 1024
/** Peers that take minutes are run with so many files, and their time is scaled. */
const FEWER = 100
/** What is bound by six connections takes long enough with so many. */
const COUNT_ON_HTTP1 = 2000
/** Requests at once that browsers allow to one origin on HTTP/1.1. */
const CONNECTIONS = 6

/** @param {number} count */
const files = (count) => ({ count, size: SIZE, url: `/far/${SIZE}` })

/** @param {number} rounds */
export async function farHttp2(rounds) {
  const browser = await start({ http2: true })
  try {
    /** @type {(name: string, count: number) => () => Promise<number>} */
    const run = (name, count) => async () => {
      const time = await browser.visit(name, (page) => clickDownload(page, files(count)))
      return (time * COUNT) / count
    }
    const peers = ['dl-stream', ...streaming, ...collecting]
    const { measured, failures } = await inTurn(rounds, {
      holdall: run('holdall', COUNT),
      ...Object.fromEntries(peers.map((name) => [name, run(name, FEWER)])),
    })
    const ours = measured.holdall ?? []
    const beside = (/** @type {string} */ name) =>
      ratio(/** @type {Record<string, number[]>} */ (measured)[name] ?? [], ours)
    return [
      figure({
        name: 'far-http2',
        title: `${COUNT.toLocaleString('en')} files of 10 KiB, each ${LATENCY} ms away, on HTTP/2, to disk; peers: ${FEWER} files, their time scaled`,
        unit: 'files/s',
        better: 'more',
        measured,
        failures,
        shown: (time) => COUNT / (time / 1000),
        targets: [
          { text: '20 × client-zip', wanted: 20, found: beside('client-zip') },
          { text: '1.5 × client-zip with dl-stream', wanted: 1.5, found: beside('dl-stream') },
        ],
      }),
    ]
  } finally {
    await browser.close()
  }
}

/** @param {number} rounds */
export async function farHttp1(rounds) {
  const browser = await start()
  try {
    const page = await browser.open('holdall')
    const { measured } = await inTurn(rounds, {
      holdall: () => clickDownload(page, files(COUNT_ON_HTTP1)),
    })
    const floor = (COUNT_ON_HTTP1 * LATENCY) / CONNECTIONS
    const latency = `what ${CONNECTIONS} connections and latency alone allow`
    return [
      figure({
        name: 'far-http1',
        title: `${COUNT_ON_HTTP1.toLocaleString('en')} files of 10 KiB, each ${LATENCY} ms away, on HTTP/1.1, to disk`,
        unit: 'files/s',
        better: 'more',
        measured: { ...measured, [latency]: (measured.holdall ?? []).map(() => floor) },
        shown: (time) => COUNT_ON_HTTP1 / (time / 1000),
        targets: [
          {
            text: '1.2 × the time that latency alone takes',
            wanted: 1.2,
            found: summary(measured.holdall ?? []).median / floor,
            atMost: true,
          },
        ],
      }),
    ]
  } finally {
    await browser.close()
  }
}
