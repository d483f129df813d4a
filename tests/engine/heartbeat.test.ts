/** A job that vouches for itself: for how long, and what counts as a sign. */

import { expect, it } from 'vitest'
import { Heartbeat } from '../../src/engine/heartbeat.ts'

const PATIENCE = { attempts: 2, silence: 30_000, delay: 500 }

/** Beats until it vouches no more. */
function beats(heartbeat: Heartbeat): number {
  let count = 0
  while (heartbeat.beats()) count++
  return count
}

it('vouches for a job as long as all attempts at a file may take, and no longer', () => {
  expect(beats(new Heartbeat(PATIENCE, 2000))).toBe((2 * (30_000 + 300_000)) / 2000)
})

it('begins anew with each sign of life', () => {
  const heartbeat = new Heartbeat(PATIENCE, 2000)
  const most = beats(heartbeat)
  heartbeat.sign()
  expect(beats(heartbeat)).toBe(most)
})
