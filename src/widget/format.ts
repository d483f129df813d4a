/** Numbers as people read them, in their locale. */

const BYTES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const

export interface NumberFormats {
  readonly count: (value: number) => string
  /** Three digits and a unit of a power of 1000, as downloads show it. */
  readonly bytes: (value: number) => string
  /** Bytes a second, in kilobytes at least, and two digits: the third flickers. */
  readonly rate: (value: number) => string
  /** A share from 0 to 1. 100 % is said only of what is whole. */
  readonly percent: (share: number) => string
  /** Time that is left, in ms: whole seconds, then minutes, for a number that flickers says nothing. */
  readonly duration: (ms: number) => string
}

/** @param locale As BCP 47 writes it. */
export function numberFormats(locale: string): NumberFormats {
  const made = new Map<string, Intl.NumberFormat>()
  const format = (value: number, options: Intl.NumberFormatOptions = {}): string => {
    const key = `${options.style} ${options.unit}`
    const known = made.get(key) ?? new Intl.NumberFormat(locale, options)
    made.set(key, known)
    return known.format(value)
  }
  // a line is not broken between a number and its unit
  const unit = (value: number, name: string, more: Intl.NumberFormatOptions = {}): string =>
    format(value, { style: 'unit', unit: name, unitDisplay: 'short', ...more }).replace(' ', '\xa0')

  const scaled = (bytes: number, digits: number, suffix = ''): string => {
    let value = bytes
    let power = 0
    while (value >= 999.5 || (power === 0 && suffix !== '')) {
      if (power === BYTES.length - 1) break
      value /= 1000
      power++
    }
    const name = `${BYTES[power]}${suffix}`
    if (power === 0) return unit(value, name, { unitDisplay: 'long', maximumFractionDigits: 0 })
    return unit(value, name, { minimumSignificantDigits: 2, maximumSignificantDigits: digits })
  }

  return {
    count: (value) => format(value),
    bytes: (value) => scaled(value, 3),
    rate: (value) => scaled(value, 2, '-per-second'),
    percent: (share) =>
      format(share >= 1 ? 1 : Math.min(0.99, Math.floor(share * 100) / 100), { style: 'percent' }),
    duration: (ms) => {
      const seconds = Math.max(1, Math.ceil(ms / 1000))
      if (seconds < 60) return unit(seconds, 'second')
      const minutes = Math.floor(seconds / 60)
      if (minutes < 10) return `${unit(minutes, 'minute')} ${unit(seconds % 60, 'second')}`
      if (minutes < 60) return unit(minutes, 'minute')
      return `${unit(Math.floor(minutes / 60), 'hour')} ${unit(minutes % 60, 'minute')}`
    },
  }
}
