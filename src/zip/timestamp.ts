/** Modification times as ZIP writes them: DOS local time, and Unix time in UTC beside it. */

const FIRST = (((1 << 5) | 1) << 16) >>> 0
const LAST = (((((2107 - 1980) << 9) | (12 << 5) | 31) << 16) | (23 << 11) | (59 << 5) | 29) >>> 0

/**
 * `lastModified` (ms since 1970) in the DOS format (APPNOTE §4.4.6), in this machine's time zone: the
 * time in the lower 16 bits, the date in the upper, as they follow each other in the records.
 *
 * DOS can tell apart steps of two seconds from 1980 to 2107; other times become the nearest of these.
 */
export function dosTimestamp(lastModified: number): number {
  const local = new Date(lastModified)
  const year = local.getFullYear()
  if (year < 1980) return FIRST
  if (year > 2107) return LAST
  const time = (local.getHours() << 11) | (local.getMinutes() << 5) | (local.getSeconds() >> 1)
  const date = ((year - 1980) << 9) | ((local.getMonth() + 1) << 5) | local.getDate()
  return ((date << 16) | time) >>> 0
}

/**
 * `lastModified` (ms since 1970) in whole seconds, for the extended timestamp (Info-ZIP's "UT").
 *
 * @returns `undefined` outside the 32 signed bits of the field (1901 to 2038).
 */
export function unixTimestamp(lastModified: number): number | undefined {
  const seconds = Math.floor(lastModified / 1000)
  return seconds >= -0x8000_0000 && seconds <= 0x7fff_ffff ? seconds : undefined
}
