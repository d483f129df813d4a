/** Numbers as people read them. */

const count = new Intl.NumberFormat('en')
const UNITS = ['kB', 'MB', 'GB', 'TB']

export function formatCount(value: number): string {
  return count.format(value)
}

/** `formatNumberOf(2, 'file')` is "2 files". */
export function formatNumberOf(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(value)} ${value === 1 ? noun : plural}`
}

/** Three digits and a unit of a power of 1000, as downloads show it. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return formatNumberOf(bytes, 'byte')
  let value = bytes
  let unit = -1
  do {
    value /= 1000
    unit++
  } while (value >= 999.5 && unit < UNITS.length - 1)
  return `${value.toPrecision(3)} ${UNITS[unit]}`
}

export function formatExactBytes(bytes: number): string {
  return formatNumberOf(bytes, 'byte')
}

/** At most two units; `ms` in milliseconds. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 0.95) return 'under a second'
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${whole % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Time that is left: in whole seconds, for a number that flickers says less than none. */
export function formatRemaining(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds <= 1) return 'a moment left'
  return seconds < 10 ? `${seconds} s left` : `${formatDuration(seconds * 1000)} left`
}

/** `share` from 0 to 1. 100 % is said only of what is whole. */
export function formatPercent(share: number): string {
  return `${share >= 1 ? 100 : Math.min(99, Math.floor(share * 100))} %`
}
