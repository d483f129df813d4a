/** From the ZIP into storage, and from there into the app's caches. */

import type { OpenBundle } from './import-archive.ts'
import { WITHOUT_BODY } from './import-description.ts'
import { CheckedBody } from './import-digests.ts'
import { variantsOf, type Restoration } from './import-plan.ts'
import { storageFailed } from './import-refusals.ts'
import { inLanes, type Staging } from './import-staging.ts'
import { backUp, undo, type Put } from './import-undo.ts'

/** Bodies of up to so many bytes are stored in one piece. */
const WHOLE = 2 ** 20

/** Told of what is done: bytes of bodies, whole responses. */
export type Passed = (bytes: number, responses: number) => void

/**
 * Reads every body, compares it with its digests, and stages it.
 *
 * @throws {HoldallError} `bundle-mismatch`, `invalid-bundle`, `source-failed`, `storage-failed`; the signal's reason.
 */
export function stage(
  bundle: OpenBundle,
  restorations: readonly Restoration[],
  staging: Staging,
  signal: AbortSignal,
  passed: Passed,
): Promise<void> {
  return inLanes(restorations, signal, async ({ source, headers }, index, until) => {
    const { status, statusText } = source
    const body = new CheckedBody(source, (bytes) => passed(bytes, 0))
    const end = (): void => body.fail(until.reason)
    until.addEventListener('abort', end)
    // whoever fails ends the other, which would wait for it
    const reading = bundle.read(source, body.writable, until).catch((error: unknown) => {
      body.giveUp(error)
      return { error }
    })
    const store = async (): Promise<void> => {
      // small ones in one piece, which is several times as fast
      const whole = source.size <= WHOLE ? await collected(body.readable, source.size) : undefined
      const stored = WITHOUT_BODY.includes(status) ? null : (whole ?? body.readable)
      await staging.put(index, new Response(stored, { status, statusText, headers }))
    }
    const storing = store().catch((error: unknown) => {
      const first = body.problem === undefined
      body.fail(error)
      return { error, first }
    })
    const [read, put] = await Promise.all([reading, storing])
    until.removeEventListener('abort', end)
    until.throwIfAborted()
    if (put?.first) throw storageFailed(put.error, true)
    if (body.problem instanceof Error) throw body.problem
    if (read !== undefined) throw read.error
    if (put !== undefined) throw storageFailed(put.error, true)
    passed(0, 1)
  })
}

/** All of `stream`, which fails if it gives more than `size` bytes. */
async function collected(
  stream: ReadableStream<Uint8Array>,
  size: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size)
  const reader = stream.getReader()
  for (let at = 0; ;) {
    const { done, value } = await reader.read()
    if (done) return bytes
    bytes.set(value, at)
    at += value.length
  }
}

/**
 * Copies what is staged into the app's caches, and leaves no more than one response twice: what is there, is
 * removed from the staged ones. If it fails, all is as it was.
 *
 * A page that dies meanwhile leaves a part of the responses, each whole and right. The next import puts back what
 * has nothing in its place, and no more, as nobody knows what the app has stored since; importing the same bundle once
 * more puts the rest beside them.
 *
 * @throws {HoldallError} `storage-failed`; the signal's reason.
 */
export async function commit(
  restorations: readonly Restoration[],
  staging: Staging,
  signal: AbortSignal,
  passed: Passed,
): Promise<void> {
  const puts: Put[] = []
  const made = new Set<string>()
  try {
    const opened = await openCaches(restorations, made)
    await inLanes(variantsOf(restorations), signal, async (variants, _, until) => {
      for (const { cache: name, request, index } of variants) {
        until.throwIfAborted()
        const cache = opened.get(name)!
        puts.push({ cache, request, before: await backUp(cache, name, request, index, staging) })
        await cache.put(request, await staging.get(index))
        await staging.delete(index)
        passed(0, 1)
      }
    })
  } catch (error) {
    const undone = await undo(puts, made, restorations.length, staging)
    if (undone) signal.throwIfAborted()
    throw storageFailed(error, undone)
  }
}

/** @param made Gets the names of those that were not there. */
async function openCaches(
  restorations: readonly Restoration[],
  made: Set<string>,
): Promise<ReadonlyMap<string, Cache>> {
  const there = new Set(await caches.keys())
  const opened = new Map<string, Cache>()
  for (const { cache: name } of restorations) {
    if (opened.has(name)) continue
    if (!there.has(name)) made.add(name)
    opened.set(name, await caches.open(name))
  }
  return opened
}
