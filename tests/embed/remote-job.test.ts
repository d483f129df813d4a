/** The page's end of a job that a frame makes. */

import { expect, it, onTestFinished, vi } from 'vitest'
import { NamedFiles } from '../../src/embed/answer-requests.ts'
import type { Connection } from '../../src/embed/connection.ts'
import type { JobReply, JobRequest } from '../../src/embed/protocol.ts'
import { RemoteJob } from '../../src/embed/remote-job.ts'
import { HoldallError } from '../../src/errors.ts'
import type { FileInput } from '../../src/manifest/types.ts'
import { readableFromPort } from '../../src/port/readable.ts'
import { toWire } from '../../src/port/wire-error.ts'

const GONE = new HoldallError('delivery-lost', 'it is gone', { reason: 'frame-gone' })

/** A job of `files`, the frame's end of its port, and what tells that the frame is gone. */
function begin(files: FileInput[]): { job: RemoteJob; frame: MessagePort; lose: () => void } {
  const { port1, port2: frame } = new MessageChannel()
  onTestFinished(() => port1.close())
  let lose = (): void => undefined
  const lost = new Promise<never>((_, reject) => (lose = () => reject(GONE)))
  const named = new NamedFiles('https://shop.test')
  const connection = { named, lost, job: () => port1 } as unknown as Connection
  const job = new RemoteJob(connection, files, { baseURL: 'https://shop.test/' }, undefined)
  return { job, frame, lose }
}

it('says which file it is that cannot be sent to the frame', async () => {
  const { job } = begin(['/a', { name: 'b', data: Promise.resolve('b') } as unknown as FileInput])
  await expect(job.plan()).rejects.toMatchObject({
    code: 'invalid-file',
    detail: { index: 1 },
    message: expect.stringContaining('file 1, "b": its data') as string,
  })
})

it.each(['cancelled', 'failed', 'lost'])(
  'cancels a stream of the page that is being read when it is %s',
  async (how) => {
    const cancel = vi.fn()
    const chunk = new Uint8Array(8 * 1024 * 1024) // more than is read ahead
    const data = new ReadableStream<Uint8Array>({ pull: (to) => to.enqueue(chunk), cancel })
    const { job, frame, lose } = begin([{ name: 'a', data }])
    const reply = (message: JobReply): void => frame.postMessage(message)
    const read = new Promise<void>((resolve) => {
      frame.onmessage = async ({ data: message }: MessageEvent<JobRequest>) => {
        if (message.type === 'files') reply({ type: 'taken' })
        else if (message.type === 'begin') reply({ type: 'open', ask: 0, remote: 0 })
        else if (message.type === 'answer') {
          await readableFromPort(message.value as MessagePort)
            .getReader()
            .read()
          resolve()
        }
      }
    })
    await read
    expect(cancel).not.toHaveBeenCalled()
    if (how === 'cancelled') job.cancel()
    else if (how === 'failed') reply({ type: 'failed', error: toWire(GONE) })
    else lose()
    await vi.waitFor(() => expect(cancel).toHaveBeenCalled())
  },
)
