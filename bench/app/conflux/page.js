// Why: conflux, as its README says: its Writer between the files and StreamSaver.

import { Writer } from '@transcend-io/conflux'
import streamSaver from 'streamsaver'
import { onClick } from '../contestant.js'

streamSaver.mitm = 'saver/mitm.html'
onClick((files) => {
  const rest = files.values()
  const entries = new ReadableStream({
    async pull(controller) {
      const { done, value } = rest.next()
      if (done) return controller.close()
      const { body } = await fetch(value.url)
      return controller.enqueue({ name: `/${value.name}`, stream: () => body })
    },
  })
  return entries.pipeThrough(new Writer()).pipeTo(streamSaver.createWriteStream('archive.zip'))
})
