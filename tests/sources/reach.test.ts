/** Whether a server answers: told of any that does, and of none that does not, or not in time. */

import { afterEach, expect, it, vi } from 'vitest'
import { answers } from '../../src/sources/reach.ts'
import { localServer } from './local-server.ts'

const { any, timeout } = AbortSignal
afterEach(() => {
  Object.assign(AbortSignal, { any, timeout })
  vi.useRealTimers()
})

const never = new AbortController().signal

it('is so of one that answers, whatever it says', async () => {
  await using server = await localServer((_, response) => response.writeHead(404).end())
  expect(await answers(server.origin, never)).toBe(true)
})

it('is not so of one that is gone', async () => {
  const server = await localServer((_, response) => response.end())
  await server[Symbol.asyncDispose]()
  expect(await answers(server.origin, never)).toBe(false)
})

it('is asked no longer than is wanted', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] }) // or it would be given up in the end anyway
  const ending = new AbortController()
  await using server = await localServer(() => ending.abort())
  expect(await answers(server.origin, ending.signal)).toBe(false)
})

it('is not asked of whom nobody wants to know', async () => {
  await using server = await localServer((_, response) => response.end())
  expect(await answers(server.origin, AbortSignal.abort())).toBe(false)
  expect(server.asked).toEqual([])
})

it('needs nothing that browsers of 2023 have not', async () => {
  Object.assign(AbortSignal, { any: undefined, timeout: undefined })
  await using server = await localServer((_, response) => response.end())
  expect(await answers(server.origin, never)).toBe(true)
})
