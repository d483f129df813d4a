import { expect, it } from 'vitest'
import { OutgoingFiles } from '../../src/embed/outgoing-files.ts'
import type { FileInput } from '../../src/manifest/types.ts'

const locked = {
  kind: 'file',
  name: 'locked.txt',
  getFile: () => Promise.reject(new Error('it is in use')),
} as unknown as FileInput

it('asks anew for a picked file that could not be read, where it may be left out', async () => {
  const outgoing = new OutgoingFiles()
  const { value } = await outgoing.batches([locked], true).next()
  expect(value?.files).toEqual([{ name: 'locked.txt', data: { remote: 0 } }])
  await expect(outgoing.open(0)).rejects.toThrow('it is in use')
})

it('fails in its turn for a picked folder that could not be listed, likewise', async () => {
  const next = (): Promise<never> => Promise.reject(new Error('it is not allowed'))
  const values = () => ({ [Symbol.asyncIterator]: () => ({ next }) })
  const folder = { kind: 'directory', name: 'folder', values } as unknown as FileInput
  const outgoing = new OutgoingFiles()
  const { value } = await outgoing.batches([folder], true).next()
  expect(value?.files).toEqual([{ name: 'folder', data: { remote: 0 } }])
  await expect(outgoing.open(0)).rejects.toThrow('it is not allowed')
})

it('refuses it before anything is sent, where all are wanted', async () => {
  const refused = new OutgoingFiles().batches([locked], false).next()
  await expect(refused).rejects.toMatchObject({ code: 'source-failed' })
})

it('refuses it likewise where the browser has taken back the permission, as nobody can tell that later', async () => {
  const why = new DOMException('The request is not allowed', 'NotAllowedError')
  const getFile = (): Promise<never> => Promise.reject(why)
  const handle = { kind: 'file', name: 'a.txt', getFile } as unknown as FileInput
  const refused = new OutgoingFiles().batches([handle], true).next()
  await expect(refused).rejects.toMatchObject({ code: 'source-failed', detail: { entry: 'a.txt' } })
})
