import { pumpToPort } from '../../src/port/pump.ts'
import { readableFromPort, WINDOW } from '../../src/port/readable.ts'
import { behavesLikeAStream, type Carry } from './stream.ts'

const NATIVE_WINDOW = 2 ** 20

/** A stream made of a generator, in one thread: the platform's own. */
const natively: Carry = (chunks, { cancel, signal }) => {
  let finish: () => void = () => undefined
  const over = new Promise<void>((resolve) => {
    finish = resolve
  })
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        signal.addEventListener('abort', () => {
          controller.error(signal.reason)
          void chunks.return().then(finish)
        })
      },
      async pull(controller) {
        try {
          const { done, value } = await chunks.next()
          if (signal.aborted) return
          if (done !== true) {
            controller.enqueue(value)
            return
          }
          controller.close()
        } catch (error) {
          controller.error(error)
        }
        finish()
      },
      async cancel(reason) {
        cancel(reason)
        // What is under way is not waited for: the reader has gone.
        void chunks.return().then(finish)
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: NATIVE_WINDOW }),
  )
  return { stream, over }
}

const overAPort =
  (window?: number): Carry =>
  (chunks, options) => {
    const { port1, port2 } = new MessageChannel()
    const over = pumpToPort(chunks, port1, options)
    return { stream: readableFromPort(port2, { window }), over }
  }

behavesLikeAStream('a native stream (the reference)', natively, {
  window: NATIVE_WINDOW,
  sameError: true,
})

behavesLikeAStream('a stream across a MessagePort', overAPort(), {
  window: WINDOW,
  sameError: false,
})

behavesLikeAStream('a stream across a MessagePort, with a small window', overAPort(5000), {
  window: 5000,
  sameError: false,
})
