// Why: every script starts other programs the same way: no stdin, a deadline, and no orphans left.

import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The package's folder, with a slash at its end. */
export const root = fileURLToPath(new URL('../', import.meta.url))

const windows = process.platform === 'win32'

/** Tools of ours, and the packages they are in. @type {Readonly<Record<string, string>>} */
const PACKAGES = {
  attw: '@arethetypeswrong/cli',
  playwright: '@playwright/test',
  tsc: 'typescript',
  vitest: 'vitest',
}

/**
 * What starts a program without a shell: on Windows npm and our tools are batch files, which need one, and that takes
 * what is said to them for its own.
 *
 * @param {string} program
 * @returns {readonly [string, ...string[]]}
 */
export function commandOf(program) {
  const { npm_execpath: npm } = process.env
  if (program === 'npm' && npm?.endsWith('npm-cli.js')) return [process.execPath, npm]
  const name = PACKAGES[program]
  if (name === undefined) return [program]
  const folder = `${root}node_modules/${name}/`
  const { bin } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'))
  return [process.execPath, join(folder, bin[program])]
}

/**
 * Ends the process where tests cannot run, before they fail in a hundred places.
 *
 * @param {string} what
 * @param {string} [platform]
 */
export function refuseWindows(what, platform = process.platform) {
  if (platform !== 'win32') return
  console.error(`${what} needs macOS or Linux: run it in WSL, see CONTRIBUTING.md`)
  process.exit(1)
}

/**
 * Runs a program in the package's folder and shows what it prints.
 *
 * @param {string} program One of our tools, npm, or any other that is on PATH.
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {number} [options.minutes] After these the program and all that it started are killed. Default: 10.
 * @param {Record<string, string>} [options.env] Beside our own environment.
 * @param {'now' | 'at the end' | 'if it fails'} [options.show] When to show what it prints. Default: `now`.
 * @returns {Promise<number>} Its exit code; 124 if it was killed, 127 if it could not be started.
 */
export function run(program, args, { minutes = 10, env = {}, show = 'now' } = {}) {
  const output = show === 'now' ? 'inherit' : 'pipe'
  const paths = [`${root}node_modules/.bin`, process.env['PATH'] ?? '']
  const [command, ...first] = commandOf(program)
  const child = spawn(command, [...first, ...args], {
    cwd: root,
    // a group of its own, so that the deadline reaches browsers and servers, too
    detached: !windows,
    env: { ...process.env, ...env, PATH: paths.join(delimiter) },
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
    console.error(`${program} was still running after ${minutes} minutes: killed`)
    stop()
  }, minutes * 60_000)
  process.on('exit', stop)
  for (const signal of SIGNALS) process.on(signal, interrupted)

  return new Promise((resolve) => {
    const finish = (/** @type {number} */ code) => {
      clearTimeout(deadline)
      process.off('exit', stop)
      for (const signal of SIGNALS) process.off(signal, interrupted)
      if (show === 'at the end' || code !== 0) process.stdout.write(Buffer.concat(printed))
      resolve(code)
    }
    child.once('error', (error) => {
      console.error(`Cannot start ${program}: ${error.message}`)
      finish(127)
    })
    child.once('close', (code) => finish(late ? 124 : (code ?? 1)))
  })
}

/** By which whoever has started us ends us, the last when their terminal is closed. */
export const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

function interrupted() {
  process.exit(130)
}

/** @param {import('node:child_process').ChildProcess} child */
function killGroup(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    // there are no groups there, and what it has started would go on
    if (windows) spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'])
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // it ended meanwhile
  }
}
