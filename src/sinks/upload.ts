/** The parts of an upload, a few on their way at once, and what the store has of them. */

import { HoldallError, isHoldallError } from '../errors.ts'
import { messageOf } from '../sources/thrown.ts'
import { delayBefore, orAborted, sleep } from '../sources/patience.ts'
import { LONGEST_TIMER } from '../sources/request.ts'
import type { CutPart } from './cut-parts.ts'
import { uploadPart, type UploadContext } from './upload-part.ts'
import { MOST_PARTS, type UploadedPart } from './upload-target.ts'

/** Bytes of parts that may be held at once: what is left of 64 MiB by sources and what is on its way from them. */
const HELD = 24 * 1024 * 1024

/** Requests at once: more make a line no faster, and stores refuse them. */
const AT_ONCE = 4

/** What an upload does beside uploading. */
export interface UploadPlan extends Omit<UploadContext, 'signal'> {
  /** Ends it; and is aborted by what fails it. */
  readonly ending: AbortController
  /** Bytes of each part but the last. */
  readonly partSize: number
  /** Those that the store has already, the first ones. */
  readonly begun: readonly UploadedPart[]
  /** Told of each part that the store has with all before it, in order. */
  readonly landed: (part: LandedPart, uploaded: UploadedPart) => void
}

/** A part that the store has: its bytes are let go. */
export type LandedPart = Omit<CutPart, 'body'>

/**
 * Uploads `parts`, to the last one. No more than one of large parts is held at once.
 *
 * @returns All that the store has.
 * @throws {HoldallError} `upload-failed`; what `parts` throw; why it was ended. No request is under way then.
 */
export async function uploadParts(
  parts: AsyncIterator<CutPart, void, void>,
  plan: UploadPlan,
): Promise<readonly UploadedPart[]> {
  const { partSize, ending } = plan
  const atOnce = Math.min(AT_ONCE, Math.max(1, Math.floor(HELD / partSize)))
  const { signal } = ending
  const context = { ...plan, signal }
  const flying = new Set<Promise<void>>()
  const row = new Row(plan)
  const send = async (part: CutPart): Promise<void> => {
    try {
      row.add(part, await uploadPart(part, context))
    } catch (error) {
      ending.abort(error)
    }
  }
  try {
    for (;;) {
      // One is held while it is being made.
      while (flying.size >= atOnce) await Promise.race(flying)
      const { done, value: part } = await orAborted(parts.next(), signal)
      if (done === true) break
      checkNumber(part, partSize)
      const flight = send(part).finally(() => flying.delete(flight))
      flying.add(flight)
    }
    await Promise.all(flying)
    signal.throwIfAborted()
    return row.parts
  } catch (error) {
    ending.abort(error)
    await Promise.all(flying)
    throw signal.reason
  }
}

/** The parts from the first one on that the store has without a gap. */
class Row {
  readonly parts: UploadedPart[]
  readonly #landed: UploadPlan['landed']
  /** Those that came before others of smaller numbers. */
  readonly #early = new Map<number, () => void>()

  constructor({ begun, landed }: UploadPlan) {
    this.parts = [...begun]
    this.#landed = landed
  }

  add({ body: _body, ...part }: CutPart, uploaded: UploadedPart): void {
    this.#early.set(uploaded.number, () => {
      this.parts.push(uploaded)
      this.#landed(part, uploaded)
    })
    for (;;) {
      const next = this.parts.length + 1
      const land = this.#early.get(next)
      if (land === undefined) return
      this.#early.delete(next)
      land()
    }
  }
}

/** An archive whose length was not known can turn out too long. */
function checkNumber({ number: part }: CutPart, partSize: number): void {
  if (part <= MOST_PARTS) return
  const message = `Cannot upload part ${part}: stores take no more than ${MOST_PARTS}, and each has ${partSize} bytes; give the sizes of the files, or a larger partSize`
  throw new HoldallError('invalid-option', message, { option: 'target.partSize' })
}

/**
 * Has the target make one object of `parts`, if they are the whole archive. A target that fails is asked again: the
 * answer may have been lost. Whatever ends the upload meanwhile, its answer is waited for, as long as for any other: the
 * object may be there.
 *
 * @param length Of the archive, in bytes.
 * @throws {HoldallError} `upload-failed`; `length-mismatch`; the reason of the signal.
 */
export async function completeUpload(
  parts: readonly UploadedPart[],
  length: number,
  { target, signal, patience, gate, network }: Omit<UploadContext, 'sent'>,
): Promise<void> {
  const actual = parts.reduce((sum, { size }) => sum + size, 0)
  if (actual !== length) {
    const message = `Cannot complete the upload: its parts have ${actual} bytes, the archive ${length}; this is a fault in holdall`
    throw new HoldallError('length-mismatch', message, { planned: length, actual })
  }
  for (let attempt = 1; ; attempt++) {
    try {
      await orAborted(gate.pass(), signal)
      await network.online(signal)
      const completed = (async () => target.complete(parts))()
      return void (await Promise.race([completed, silenceAfter(signal, patience.silence)]))
    } catch (cause) {
      signal.throwIfAborted()
      if (isHoldallError(cause)) throw cause
      if (attempt < patience.attempts) {
        await sleep(delayBefore(attempt + 1, patience, undefined), signal)
        continue
      }
      const why = messageOf(cause)
      const message = `Cannot complete the upload, of which all parts are at the store: ${why}; try again, or check what complete() asks of it`
      throw new HoldallError('upload-failed', message, {}, { cause })
    }
  }
}

/** Rejects with the reason of `signal`, when that has aborted `silence` ms before. */
async function silenceAfter(signal: AbortSignal, silence: number): Promise<never> {
  const never = new Promise<never>(() => undefined)
  await orAborted(never, signal).catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, Math.min(silence, LONGEST_TIMER)))
  throw signal.reason
}
