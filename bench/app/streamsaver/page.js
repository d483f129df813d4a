// Why: StreamSaver's own example of a ZIP, with its page in the middle and its service worker from here.

import streamSaver from 'streamsaver'
import 'streamsaver/examples/zip-stream.js'
import { onClick } from '../contestant.js'

streamSaver.mitm = 'saver/mitm.html'
onClick((files) => {
  const rest = files.values()
  const archive = new window.ZIP({
    async pull(controller) {
      const { done, value } = rest.next()
      if (done) return controller.close()
      const { body } = await fetch(value.url)
      controller.enqueue({ name: value.name, stream: () => body })
    },
  })
  return archive.pipeTo(streamSaver.createWriteStream('archive.zip'))
})
