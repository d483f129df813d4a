// Why: memory is a process's own, so each measurement is a process: this one.

import { existsSync, readFileSync } from 'node:fs'

const [, , encoder, what] = process.argv
const block = new Uint8Array(2 ** 20).fill(7)
const names = Array.from({ length: 70_000 }, (_, index) => `folder/${index}.txt`)
const small = new TextEncoder().encode('a small file')

async function holdall() {
  const { encodeArchive, planArchive } = await import('../../dist/core.js')
  const before = performance.now()
  let bytes = 0
  if (what === 'entries') {
    const plan = planArchive(names.map((name) => ({ name, size: small.length, whole: true })))
    for await (const chunk of encodeArchive(plan, () => small)) bytes += chunk.length
  } else {
    const plan = planArchive([{ name: 'big', size: 4608 * 2 ** 20 }])
    const content = function* () {
      for (let count = 0; count < 4608; count++) yield block
    }
    for await (const chunk of encodeArchive(plan, content)) bytes += chunk.length
  }
  return { time: performance.now() - before, bytes }
}

async function fflate() {
  const { Zip, ZipPassThrough } = await import('fflate')
  const before = performance.now()
  let bytes = 0
  const archive = new Zip((error, chunk) => {
    if (error) throw error
    bytes += chunk.length
  })
  for (const name of names) {
    const file = new ZipPassThrough(name)
    archive.add(file)
    file.push(small, true)
  }
  archive.end()
  return { time: performance.now() - before, bytes }
}

/** The most memory that this process has had, in MiB. On Linux, `maxRSS` begins with that of who has started it. */
function mostMemory() {
  const status = '/proc/self/status'
  const kilobytes = existsSync(status)
    ? Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(status, 'utf8'))?.[1])
    : process.resourceUsage().maxRSS
  return kilobytes / 1024
}

const { time } = await (encoder === 'holdall' ? holdall() : fflate())
console.log(JSON.stringify({ time, rss: mostMemory() }))
