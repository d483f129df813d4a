/** How an error crosses threads. */

import { HoldallError, isHoldallError, type ErrorCode, type ErrorDetails } from '../errors.ts'

/** An error as plain data: structured clone drops the class and the fields of a real one. */
export interface WireError {
  readonly code?: ErrorCode
  readonly message: string
  readonly detail?: ErrorDetails[ErrorCode]
}

/** Packs any thrown value for another thread. */
export function toWire(error: unknown): WireError {
  if (isHoldallError(error)) {
    return { code: error.code, message: error.message, detail: error.detail }
  }
  return { message: error instanceof Error ? error.message : String(error) }
}

/** The error that `toWire` packed: a `HoldallError` if it was one. Of anything else, one that says little. */
export function fromWire(wire: unknown): Error {
  const { code, message, detail } = Object(wire) as Partial<WireError>
  const said = typeof message === 'string' ? message : ''
  return code && detail ? new HoldallError(code, said, detail) : new Error(said)
}
