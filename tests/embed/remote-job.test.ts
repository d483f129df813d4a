import { expect, it, onTestFinished } from 'vitest'
import { NamedFiles } from '../../src/embed/answer-requests.ts'
import type { Connection } from '../../src/embed/connection.ts'
import { RemoteJob } from '../../src/embed/remote-job.ts'
import type { FileInput } from '../../src/manifest/types.ts'

it('says which file it is that cannot be sent to the frame', async () => {
  const { port1 } = new MessageChannel()
  onTestFinished(() => port1.close())
  const connection = {
    named: new NamedFiles('https://shop.test'),
    lost: new Promise(() => undefined),
    job: () => port1,
  } as unknown as Connection
  const files = ['/a', { name: 'b', data: Promise.resolve('b') } as unknown as FileInput]
  const job = new RemoteJob(connection, files, { baseURL: 'https://shop.test/' }, undefined)
  await expect(job.plan()).rejects.toMatchObject({
    code: 'invalid-file',
    detail: { index: 1 },
    message: expect.stringContaining('file 1, "b": its data') as string,
  })
})
