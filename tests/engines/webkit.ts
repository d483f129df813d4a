/** Drives WebKitGTK, in a little browser of our own (webkit-host.py), on a screen of its own. */

import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { bodyOf, resultOf, type Browser, type Download } from './engine.ts'
import { start, type Program } from './process.ts'

const host = fileURLToPath(new URL('./webkit-host.py', import.meta.url))

interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}

/** @param python That has the bindings of WebKitGTK. */
export async function startWebKit(python: string): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), 'holdall-webkit-'))
  await mkdir(join(folder, 'downloads'))
  // it takes a display that is free, and writes its number to standard output
  const screen = start('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x900x24'])
  const [display] = (await once(screen.child.stdout!, 'data')) as [Buffer]
  const program = start('dbus-run-session', ['--', python, host, folder], {
    DISPLAY: `:${display.toString().trim()}`,
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    GDK_BACKEND: 'x11',
    LIBGL_ALWAYS_SOFTWARE: '1',
    WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    NO_AT_BRIDGE: '1',
    GTK_A11Y: 'none',
  })
  const ask = asker(program)
  const version = await ask<string>('version')
  return {
    name: `WebKitGTK ${version}`,
    open: async (url, { private: isPrivate = false } = {}) => {
      const page = await ask<number>('open', { url, private: isPrivate })
      return {
        evaluate: async (script, argument) =>
          resultOf(await ask<string | null>('evaluate', { page, body: bodyOf(script, argument) })),
        close: () => ask('close', { page }),
      }
    },
    downloads: async () => {
      const items = await ask<Omit<Download, 'cancel'>[]>('downloads')
      return items.map((item, index) => ({ ...item, cancel: () => ask('cancel', { index }) }))
    },
    close: async () => {
      await program.end()
      await screen.end()
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** Sends a command to the browser, and gives its result. */
type Ask = <Result>(command: string, fields?: object) => Promise<Result>

function asker({ child, complaints }: Program): Ask {
  const waiting = new Map<number, (answer: Answer) => void>()
  let last = 0
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  child.on('exit', () => {
    for (const [id, resolve] of waiting) resolve({ id, error: `it has ended: ${complaints()}` })
  })
  return async <Result>(command: string, fields: object = {}) => {
    const id = ++last
    const { result, error } = await new Promise<Answer>((resolve) => {
      waiting.set(id, resolve)
      child.stdin!.write(`${JSON.stringify({ id, command, ...fields })}\n`)
    })
    if (error !== undefined) throw new Error(`WebKit, ${command}: ${error}`)
    return result as Result
  }
}
