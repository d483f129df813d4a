/** Drives WebKitGTK, in a little browser of our own (webkit-host.py), on a screen of its own. */

import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { bodyOf, PageLost, resultOf, type Browser, type Download } from './engine.ts'
import { start, type Program } from './process.ts'
import { ALONE, startScreen } from './screen.ts'

const host = fileURLToPath(new URL('./webkit-host.py', import.meta.url))

/** How long a page may take for what it has only to look up, in ms. */
const ANSWERS_WITHIN = 10_000

interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}

/** @param python That has the bindings of WebKitGTK. */
export async function startWebKit(python: string): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), 'holdall-webkit-'))
  await mkdir(join(folder, 'downloads'))
  const screen = await startScreen()
  const program = start(python, [host, folder], {
    DISPLAY: screen.display,
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    GDK_BACKEND: 'x11',
    LIBGL_ALWAYS_SOFTWARE: '1',
    WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    ...ALONE,
  })
  const ask = asker(program)
  const version = await ask<string>('version')
  return {
    name: `WebKitGTK ${version}`,
    open: async (url, { private: isPrivate = false } = {}) => {
      const page = await ask<number>('open', { url, private: isPrivate })
      return {
        evaluate: (script, argument) => evaluate(ask, page, bodyOf(script, argument)),
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

/** Runs `body` in a page, and looks until it is over: a page that was lost says nothing by itself. */
async function evaluate<Result>(ask: Ask, page: number, body: string): Promise<Result> {
  const place = `window[Symbol.for(${JSON.stringify(randomUUID())})]`
  const run = `${place} = {};
    (async () => { ${body} })().then(
      (json) => Object.assign(${place}, { over: true, json }),
      (error) => Object.assign(${place}, { over: true, error: String(error) })
    ); ''`
  /** What a script gives at once; a page that was lost fails, gives nothing, or never answers. */
  const now = async (script: string): Promise<string> => {
    const answer = ask<string>('evaluate', { page, script }).catch(() => 'undefined')
    const text = await Promise.race([answer, wait(ANSWERS_WITHIN, 'undefined', { ref: false })])
    if (text === 'undefined') throw new PageLost()
    return text
  }
  await now(run)
  for (;;) {
    const text = await now(`JSON.stringify(${place})`)
    const { over, json, error } = JSON.parse(text) as { over?: true; json?: string; error?: string }
    if (error !== undefined) throw new Error(`In the page: ${error}`)
    if (over) return resultOf<Result>(json)
    await wait(20)
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
