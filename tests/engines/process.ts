/** Programs that the drivers start, and end again. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export interface Program {
  readonly child: ChildProcess
  /** The end of what it has said on standard error, to be shown if it fails. */
  readonly complaints: () => string
  end(): Promise<void>
}

/** Starts a program, with `env` beside the own environment, and pipes in place of a terminal. */
export function start(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Program {
  // in our own group: who kills that, as a deadline does, leaves no browser behind
  const child = spawn(command, args, { env: { ...process.env, ...env } })
  let complaints = ''
  child.stderr.on('data', (bytes: Buffer) => (complaints = (complaints + bytes).slice(-4000)))
  child.on('error', (error) => (complaints += error.message))
  child.stdin.on('error', () => undefined) // it ended before it was asked; the answer says so
  const kill = (): void => void child.kill('SIGKILL')
  process.on('exit', kill)
  return {
    child,
    complaints: () => complaints,
    end: async () => {
      process.off('exit', kill)
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      const late = setTimeout(kill, 5000)
      await exit
      clearTimeout(late)
    },
  }
}
