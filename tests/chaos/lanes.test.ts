/** How many requests at once an origin gets: more if it can, and fewer when it says so. */

import { afterEach, describe, expect, it, vi } from 'vitest'
import { Lanes, type Lane } from '../../src/sources/lanes.ts'
import { ResponseFault } from '../../src/sources/request.ts'

afterEach(() => vi.restoreAllMocks())

const FAULT = new ResponseFault('it answered 429')

/** The requests that `lane` has room for. */
function room(lane: Lane): number {
  for (lane.active = 0; lane.free;) lane.active++
  return lane.active
}

/** An origin whose answers are known to be of `protocol` only once their body has come. */
function laneOf(protocol: string, most?: number): { lane: Lane; answer: () => void } {
  const over = new Set<string>()
  vi.spyOn(performance, 'getEntriesByName').mockImplementation((name) =>
    over.has(name) ? [{ nextHopProtocol: protocol } as unknown as PerformanceEntry] : [],
  )
  const lane = new Lanes(most).of('https://a.example/0')
  let count = 0
  const answer = (): void => {
    const url = `https://a.example/${count++}`
    lane.answered(url, undefined)
    over.add(url)
  }
  return { lane, answer }
}

describe('an origin', () => {
  it.each([
    ['h2', 24],
    ['h3', 24],
    ['http/1.1', 6],
    ['', 6],
  ])('of protocol "%s" gets %d requests at once', (protocol, limit) => {
    const { lane, answer } = laneOf(protocol)
    expect(room(lane)).toBe(6)
    answer()
    answer()
    expect(room(lane)).toBe(limit)
  })

  it.each(['h2', 'http/1.1'])('of protocol "%s" gets as many as were told', (protocol) => {
    const { lane, answer } = laneOf(protocol, 9)
    for (let count = 0; count < 20; count++) answer()
    expect(room(lane)).toBe(9)
    lane.answered('https://a.example/x', FAULT)
    expect(room(lane)).toBe(4)
    for (let count = 0; count < 200; count++) answer()
    expect(room(lane)).toBe(9)
  })

  it.each([
    ['h2', 24],
    ['http/1.1', 6],
  ])('of protocol "%s" gets half of them after a fault, and more by and by', (protocol, limit) => {
    const { lane, answer } = laneOf(protocol)
    answer()
    answer()
    lane.answered('https://a.example/x', FAULT)
    expect(room(lane)).toBe(limit / 2)
    answer()
    expect(room(lane)).toBeLessThanOrEqual(limit / 2 + 1)
    for (let count = 0; count < 2; count++) lane.answered('https://a.example/x', FAULT)
    expect(room(lane)).toBeGreaterThanOrEqual(1)
    for (let count = 0; count < 1000; count++) answer()
    expect(room(lane)).toBeGreaterThanOrEqual(limit)
  })

  describe('that shares one connection', () => {
    /** Answers as many as it takes to judge how fast they come: one in `pause`, in ms. */
    function judge({ lane, answer }: ReturnType<typeof laneOf>, pause: number): number {
      const limit = room(lane)
      for (let count = 0; count <= limit; count++) {
        now += pause
        answer()
      }
      return room(lane)
    }

    let now = 0
    const ready = (): ReturnType<typeof laneOf> => {
      vi.spyOn(performance, 'now').mockImplementation(() => now)
      const all = laneOf('h2')
      all.answer()
      all.answer()
      // what came while the protocol was not known is judged with the rest
      for (let count = 2; count <= 25; count++) {
        now += 100
        all.answer()
      }
      return all
    }

    it('gets more as long as they are answered faster, and 96 at most', () => {
      const all = ready()
      const seen = [room(all.lane)]
      for (let pause = 50; seen.length < 7; pause /= 2) seen.push(judge(all, pause))
      expect(seen).toEqual([36, 54, 81, 96, 96, 96, 96])
    })

    it('gets no more where that brings nothing, or less', () => {
      const all = ready()
      const before = room(all.lane)
      expect([judge(all, 100), judge(all, 98), judge(all, 200)]).toEqual([before, before, before])
      expect(judge(all, 50)).toBeGreaterThan(before)
    })
  })
})
