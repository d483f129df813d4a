/** The bench where a system does not tell of its processes, or has no Chromium: it says so, and what else to do. */

import { tmpdir } from 'node:os'
import { afterEach, expect, it, vi } from 'vitest'
import { launch } from '../../bench/browser/chromium.mjs'
import { areCounted, processorTime } from '../../bench/browser/processes.mjs'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

it('leaves out what cannot be counted, and says so', () => {
  const said = vi.spyOn(console, 'log').mockReturnValue()
  expect(areCounted('cpu', '/nowhere')).toBe(false)
  expect(said).toHaveBeenCalledWith(expect.stringMatching(/cpu is left out: .*\/proc/))
})

it.runIf(process.platform === 'linux')('counts where it can', () => {
  expect(areCounted('cpu')).toBe(true)
  expect(processorTime()).toBeGreaterThanOrEqual(0)
})

it('says that a Chromium cannot be started', async () => {
  vi.stubEnv('HOLDALL_CHROMIUM', tmpdir()) // it is there, and no program
  await expect(launch(tmpdir())).rejects.toThrow('Chromium cannot be started')
})
