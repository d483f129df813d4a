/** Runs a plan of chaos against a real server, and without its faults. */

import { HoldallError } from '../../src/errors.ts'
import { zipStream } from '../../src/core.ts'
import type { UrlFile } from '../../src/manifest/types.ts'
import { answer, type Request, type Response } from './server/answer.ts'
import type { Served } from './server/faults.ts'
import type { Plan } from './server/plan.ts'
import type { Listener } from './server/server.ts'

/** Longer than any run takes that comes to an end. */
const HANGS = 25_000

const DATE = Date.UTC(2024, 4, 17)

/** The server's side of all runs: each has a folder of its own. */
export class Chaos {
  readonly #runs = new Map<string, (request: Request, response: Response) => Promise<void>>()
  #count = 0

  readonly listener: Listener = (request, response) => {
    const [, run] = request.url!.split('/')
    const answer = this.#runs.get(run!)
    if (answer !== undefined) return answer(request, response)
    response.writeHead(404).end() // somebody looks whether there is a server
    return Promise.resolve()
  }

  /** Gets ready for a run; gives its folder. `calm`: nothing goes wrong, once sizes are known. */
  open(plan: Plan, calm: boolean): string {
    const id = `run${++this.#count}`
    const left = plan.files.map(({ faults }) => [...faults])
    this.#runs.set(id, async (request, response) => {
      const index = Number(/\/(\d+)/.exec(request.url!.slice(id.length + 1))![1])
      const { served, always, probe } = plan.files[index]!
      const isProbe = request.method === 'HEAD' || request.headers.range === 'bytes=0-0'
      const again = request.url!.includes('again')
      if (isProbe) return answer(request, response, served, again ? undefined : probe)
      await answer(request, response, served, calm ? undefined : (left[index]!.shift() ?? always))
    })
    return id
  }

  close(id: string): void {
    this.#runs.set(id, (_, response) => Promise.resolve(void response.destroy()))
  }

  /** The archive, or why there is none. */
  async run(plan: Plan, origin: string, calm: boolean): Promise<Buffer | Error> {
    const id = this.open(plan, calm)
    try {
      return await inTime(collect(plan, `${origin}/${id}`))
    } finally {
      this.close(id)
    }
  }
}

/** What a caller asks for; each file may have a fresh URL, which is that with `?fresh`. */
export function filesOf(plan: Plan, base: string): UrlFile[] {
  return plan.files.map(({ name, given }, index) => ({
    url: `${base}/${index}`,
    name,
    lastModified: DATE,
    ...given,
  }))
}

async function collect(plan: Plan, base: string): Promise<Buffer | Error> {
  const chunks: Uint8Array[] = []
  try {
    const refreshUrl = ({ url }: { url: string }): string | undefined => {
      const index = Number(/\/(\d+)[^/]*$/.exec(url)![1])
      return plan.files[index]!.refreshed ? `${base}/${index}?fresh` : undefined
    }
    const archive = zipStream(filesOf(plan, base), { ...plan.options, refreshUrl })
    for await (const chunk of archive as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk)
  } catch (error) {
    if (error instanceof HoldallError) return error
    throw error
  }
  return Buffer.concat(chunks)
}

function inTime<T>(run: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const hanging = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it hangs')), HANGS)
  })
  return Promise.race([run, hanging]).finally(() => clearTimeout(timer))
}

/** `plan`, its file that changes being the other one from the start. */
export function changed(plan: Plan, to: Served): Plan {
  const files = plan.files.map((file) =>
    file.always?.kind === 'change' ? { ...file, served: to } : file,
  )
  return { ...plan, files }
}
