// Why: every script starts other programs the same way: no stdin, a deadline, and no orphans left.

import { spawn } from 'node:child_process'
import { delimiter, isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The package's folder, with a slash at its end. */
export const root = fileURLToPath(new URL('../', import.meta.url))

const windows = process.platform === 'win32'

/**
 * Runs a program in the package's folder and shows what it prints.
 *
 * @param {string} command Looked up in node_modules/.bin first, as npm does.
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {number} [options.minutes] After these the program and all that it started are killed. Default: 10.
 * @param {Record<string, string>} [options.env] Beside our own environment.
 * @param {'now' | 'at the end' | 'if it fails'} [options.show] When to show what it prints. Default: `now`.
 * @returns {Promise<number>} Its exit code; 124 if it was killed, 127 if it could not be started.
 */
export function run(command, args, { minutes = 10, env = {}, show = 'now' } = {}) {
  const output = show === 'now' ? 'inherit' : 'pipe'
  const paths = [`${root}node_modules/.bin`, process.env['PATH'] ?? '']
  const child = spawn(command, args, {
    cwd: root,
    // a group of its own, so that the deadline reaches browsers and servers, too
    detached: !windows,
    env: { ...process.env, ...env, PATH: paths.join(delimiter) },
    // npm's commands are batch files there
    shell: windows && !isAbsolute(command),
    stdio: ['ignore', output, output],
  })

  /** @type {Buffer[]} */
  const printed = []
  child.stdout?.on('data', (bytes) => printed.push(bytes))
  child.stderr?.on('data', (bytes) => printed.push(bytes))

  const stop = () => killGroup(child)
  let late = false
  const deadline = setTimeout(() => {
    late = true
    console.error(`${command} was still running after ${minutes} minutes: killed`)
    stop()
  }, minutes * 60_000)
  process.on('exit', stop)
  process.on('SIGINT', interrupted)
  process.on('SIGTERM', interrupted)

  return new Promise((resolve) => {
    const finish = (/** @type {number} */ code) => {
      clearTimeout(deadline)
      process.off('exit', stop)
      process.off('SIGINT', interrupted)
      process.off('SIGTERM', interrupted)
      if (show === 'at the end' || code !== 0) process.stdout.write(Buffer.concat(printed))
      resolve(code)
    }
    child.once('error', (error) => {
      console.error(`Cannot start ${command}: ${error.message}`)
      finish(127)
    })
    child.once('close', (code) => finish(late ? 124 : (code ?? 1)))
  })
}

function interrupted() {
  process.exit(130)
}

/** @param {import('node:child_process').ChildProcess} child */
function killGroup(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    if (windows) child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // it ended meanwhile
  }
}
