/** What the directed tests share: a server of one file, the archive of it, and what was asked. */

import { zipStream, type StreamOptions } from '../../src/core.ts'
import { explained, prepareJob, runJob, type JobHost } from '../../src/engine/job.ts'
import type { UrlFile } from '../../src/manifest/types.ts'
import { entriesOf } from '../engine/read-zip.ts'
import { answer } from './server/answer.ts'
import type { Fault, Served } from './server/faults.ts'
import { Random } from './server/random.ts'
import { chaosServer, type Asked, type ChaosServer } from './server/server.ts'

export const BYTES: Buffer = new Random(1).bytes(400_000)
export const OTHER: Buffer = new Random(2).bytes(400_000)
export const STRONG = '"1"'
export const DATE = 'Tue, 05 Mar 2024 10:00:00 GMT'
export const RETRY = { attempts: 4, silence: 2000, delay: 1 }

/** A server of `file`, whose answers go wrong as `faults` have it, in their order. */
export function serverOf(file: Served, faults: readonly Fault[] = []): Promise<ChaosServer> {
  const left = [...faults]
  return chaosServer((request, response) => answer(request, response, file, left.shift()))
}

/** What the file in the archive of it holds. */
export async function pack(
  { origin }: ChaosServer,
  file: Partial<UrlFile> = {},
  options: StreamOptions = {},
): Promise<Buffer> {
  const wanted = { name: 'a.bin', url: `${origin}/a`, ...file }
  const archive = zipStream([wanted], { retry: RETRY, sizes: 'as-given', ...options })
  return entriesOf(Buffer.from(await new Response(archive).arrayBuffer())).get(wanted.name)!
}

/** Bytes that had been taken of the file at each further attempt, and at the end. */
export async function attempts({ origin }: ChaosServer, file: Partial<UrlFile>): Promise<number[]> {
  const never = new AbortController().signal
  let received = 0
  const at: number[] = []
  const host: JobHost = {
    signal: never,
    received: (bytes) => (received += bytes),
    report: (_, state) => void (state === 'retrying' && at.push(received)),
  }
  const options = { retry: RETRY, sizes: 'as-given' } as const
  const job = await prepareJob([{ url: `${origin}/a`, ...file }], options, never)
  try {
    for await (const _ of runJob(job, host)) void _
  } catch (error) {
    throw explained(error, job)
  }
  return [...at, received]
}

export const ranges = (asked: readonly Asked[]): (string | undefined)[] =>
  asked.map(({ headers }) => headers.range)
