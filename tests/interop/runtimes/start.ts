/** Starts a runtime with the program of the tests, as a server on a port of its own. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { findRuntime, type RuntimeName } from '../../../scripts/runtimes.mjs'

const program = fileURLToPath(new URL('program.js', import.meta.url))

/** How long a runtime may take to listen, in ms. */
const WITHIN = 20_000

export interface Runtime {
  readonly name: string
  /** The program that it takes. */
  readonly needs: RuntimeName
  /** Arguments with which it serves the program on a port. */
  command(port: number, folder: string): string[] | Promise<string[]>
}

export const runtimes: readonly Runtime[] = [
  {
    name: 'Deno',
    needs: 'deno',
    command: (port) => ['serve', '--no-check', '-A', '--host=127.0.0.1', `--port=${port}`, program],
  },
  { name: 'Bun', needs: 'bun', command: () => [program] },
  {
    name: 'workerd',
    needs: 'workerd',
    command: (port, folder) => workerd(port, folder, '2026-11-01'),
  },
  {
    // which refuses more options of a request
    name: 'workerd, as it was in July 2023',
    needs: 'workerd',
    command: (port, folder) => workerd(port, folder, '2023-07-01'),
  },
]

/** What its configuration says (https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp). */
async function workerd(port: number, folder: string, date: string): Promise<string[]> {
  // it finds no packages: programs for it are bundled
  const lib = { entry: program, formats: ['es' as const], fileName: 'program' }
  await build({
    configFile: false,
    logLevel: 'silent',
    build: { outDir: folder, target: 'es2022', lib },
  })
  const path = join(folder, 'config.capnp')
  writeFileSync(
    path,
    `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [
        (name = "program", worker = (
          modules = [(name = "program.js", esModule = embed "program.js")],
          compatibilityDate = "${date}",
        )),
        (name = "internet", network = (allow = ["public", "private"])),
      ],
      sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "program")],
    );`,
  )
  return ['serve', path]
}

export interface Running extends AsyncDisposable {
  readonly url: string
}

export async function start({ name, needs, command }: Runtime): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'holdall-'))
  const port = await freePort()
  const args = await command(port, folder)
  const env = { ...process.env, BUN_PORT: String(port) }
  const child = spawn(findRuntime(needs)!, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (text: Buffer) => (printed += String(text)))
  }
  const url = `http://127.0.0.1:${port}/`
  const stop = async (): Promise<void> => {
    await ended(child)
    rmSync(folder, { recursive: true })
  }
  for (const until = Date.now() + WITHIN; !(await answers(url));) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop()
      throw new Error(`${name} does not answer: ${printed}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { url, [Symbol.asyncDispose]: stop }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'close')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { method: 'POST', body: '{"files":[]}' }).then(
    () => true,
    () => false,
  )
}
