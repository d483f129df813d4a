import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RateMeter } from '../src/progress.ts'

describe('RateMeter', () => {
  it('knows no rate from one look', () => {
    expect(new RateMeter().rate(1000, 5)).toBe(0)
  })

  it('knows no rate while no time has passed', () => {
    const meter = new RateMeter()
    meter.rate(0, 7)
    expect(meter.rate(1000, 7)).toBe(0)
  })

  it('gives bytes a second', () => {
    const meter = new RateMeter()
    meter.rate(500, 0)
    expect(meter.rate(1500, 100)).toBe(10_000)
    expect(meter.rate(2500, 1000)).toBe(2000)
  })

  it.each([1, 10, 100, 250, 251, 999])('is steady at a steady rate, asked every %d ms', (step) => {
    const meter = new RateMeter()
    const start = 123_456.5
    meter.rate(0, start)
    for (let time = step; time < 20_000; time += step) {
      expect(meter.rate(time * 3, start + time)).toBeCloseTo(3000, 6)
    }
  })

  it('forgets what is more than about five seconds ago', () => {
    const meter = new RateMeter()
    for (let time = 0; time <= 10_000; time += 100) meter.rate(time * 1000, time)
    const bytes = 10_000_000
    for (let time = 10_100; time < 15_000; time += 100) {
      expect(meter.rate(bytes, time)).toBeGreaterThan(0)
    }
    for (let time = 15_000; time <= 15_500; time += 100) meter.rate(bytes, time)
    expect(meter.rate(bytes, 15_600)).toBe(0)
  })

  it('says that it stands still after a silence in which nobody asked', () => {
    const meter = new RateMeter()
    for (let time = 0; time <= 1000; time += 100) meter.rate(time, time)
    meter.rate(1000, 60_000)
    expect(meter.rate(1000, 66_000)).toBe(0)
  })

  it('begins anew after reset()', () => {
    const meter = new RateMeter()
    meter.rate(0, 0)
    meter.rate(1_000_000, 1000)
    meter.reset()
    expect(meter.rate(1_000_000, 60_000)).toBe(0)
    expect(meter.rate(1_000_500, 60_500)).toBe(1000)
  })

  it('is never negative, nor other than a number, while bytes and time do not go back', () => {
    const steps = fc.array(fc.tuple(fc.nat(2 ** 30), fc.double({ min: 0, max: 1e5, noNaN: true })))
    fc.assert(
      fc.property(steps, (list) => {
        const meter = new RateMeter()
        let bytes = 0
        let time = 0
        for (const [more, later] of list) {
          bytes += more
          time += later
          const rate = meter.rate(bytes, time)
          expect(rate).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })
})
