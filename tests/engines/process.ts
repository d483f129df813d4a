/** Programs that the drivers start, and end with all that those have started. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export interface Program {
  readonly child: ChildProcess
  /** What it has said on standard error, to be shown if it fails. */
  readonly complaints: () => string
  end(): Promise<void>
}

/** Starts a program, with `env` beside the own environment, and pipes in place of a terminal. */
export function start(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Program {
  // a group of its own, so that the end reaches its children, too
  const child = spawn(command, args, { env: { ...process.env, ...env }, detached: true })
  let complaints = ''
  child.stderr.on('data', (bytes: Buffer) => (complaints = (complaints + bytes).slice(-4000)))
  child.on('error', (error) => (complaints += error.message))
  const kill = (): void => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // it ended by itself, and its children with it
    }
  }
  process.on('exit', kill)
  return {
    child,
    complaints: () => complaints,
    end: async () => {
      process.off('exit', kill)
      const over = child.exitCode !== null || child.signalCode !== null
      const closed = over ? undefined : once(child, 'exit')
      kill()
      await closed
    },
  }
}
