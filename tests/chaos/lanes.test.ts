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
})
