/** How the scripts start other programs: without a shell, and so that none of them stays. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { commandOf, refuseWindows, root, run } from '../../scripts/run.mjs'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('a program', () => {
  it.each(['attw', 'playwright', 'tsc', 'vitest'])('of ours is a script for Node: %s', (name) => {
    const [node, script = '', ...others] = commandOf(name)
    expect([node, others]).toEqual([process.execPath, []])
    expect(existsSync(script)).toBe(true)
  })

  it('that is npm is the one that runs us, if it does', () => {
    vi.stubEnv('npm_execpath', '/there/npm-cli.js')
    expect(commandOf('npm')).toEqual([process.execPath, '/there/npm-cli.js'])
    vi.stubEnv('npm_execpath', undefined)
    expect(commandOf('npm')).toEqual(['npm'])
  })

  it('of others is what is on PATH', () => {
    expect(commandOf('apt-get')).toEqual(['apt-get'])
  })

  it('is told what it is told, word for word', async () => {
    const check = 'process.exit(process.argv[1] === "@firefox|@waits" ? 3 : 4)'
    expect(await run(process.execPath, ['-e', check, '@firefox|@waits'])).toBe(3)
  })
})

describe.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'whoever ends a script by %s',
  (signal) => {
    it('ends what it has started, too', async () => {
      const long = `console.log(process.pid); setInterval(() => {}, 1000)`
      const script = `
        const { run } = await import('./scripts/run.mjs')
        await run(process.execPath, ['-e', ${JSON.stringify(long)}])`
      const args = ['--input-type=module', '-e', script]
      const child = spawn(process.execPath, args, {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
      const ended = vi.fn()
      child.stdout.once('close', ended) // when nobody is left who could write
      child.kill(signal)
      await expect
        .poll(() => ended.mock.calls.length)
        .toBe(1)
        .catch((error: unknown) => {
          process.kill(Number(line))
          throw error
        })
    })
  },
)

it('says at once that the tests are not for Windows', () => {
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never)
  const said = vi.spyOn(console, 'error').mockReturnValue()
  refuseWindows('npm test', 'linux')
  expect([exit, said].map((spy) => spy.mock.calls)).toEqual([[], []])
  refuseWindows('npm test', 'win32')
  expect(exit).toHaveBeenCalledWith(1)
  expect(said).toHaveBeenCalledWith(expect.stringContaining('WSL'))
})
