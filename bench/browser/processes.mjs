// Why: a browser is many processes, and what it costs is what they cost together.

import { existsSync, readFileSync, readdirSync } from 'node:fs'

/** Linux counts time of processors in hundredths of a second, whatever the machine. */
const TICKS_PER_SECOND = 100

/** Where Linux tells of processes. */
const PROC = '/proc'

/**
 * Whether processes can be counted here; if not, prints which figure is left out, as no other system tells as cheaply.
 *
 * @param {string} figure
 * @param {string} [folder] Where the system tells of processes.
 */
export function areCounted(figure, folder = PROC) {
  if (existsSync(`${folder}/self/smaps_rollup`)) return true
  console.log(`  ${figure} is left out: this system has no ${PROC} to count processes in`)
  return false
}

/**
 * What the system says in a file of each process that this one has started, and of theirs.
 *
 * @param {string} file
 */
function readFamily(file) {
  /** @type {Map<number, number[]>} */
  const children = new Map()
  for (const entry of readdirSync(PROC)) {
    if (!/^\d+$/.test(entry)) continue
    const parent = Number(read(entry, 'stat').split(') ')[1]?.split(' ')[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
  }
  const all = [...(children.get(process.pid) ?? [])]
  for (const pid of all) all.push(...(children.get(pid) ?? []))
  return all.map((pid) => read(pid, file))
}

/**
 * @param {string | number} pid
 * @param {string} file
 */
function read(pid, file) {
  try {
    return readFileSync(`${PROC}/${pid}/${file}`, 'utf8')
  } catch {
    return '' // it ended while we looked
  }
}

/** Memory of the browser's processes, shared pages by share, in MiB. */
export function memoryInUse() {
  const kilobytes = readFamily('smaps_rollup').map((text) =>
    Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0),
  )
  return kilobytes.reduce((sum, share) => sum + share, 0) / 1024
}

/** Time of processors that the browser's processes took so far, ended ones too, in seconds. */
export function processorTime() {
  const ticks = readFamily('stat').map((text) => {
    // utime, stime, and those of children that were waited for
    const fields = text.split(') ')[1]?.split(' ').slice(11, 15) ?? []
    return fields.reduce((sum, field) => sum + Number(field), 0)
  })
  return ticks.reduce((sum, count) => sum + count, 0) / TICKS_PER_SECOND
}
