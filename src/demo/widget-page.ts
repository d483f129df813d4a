/** The second page of the demo: the element in four skins, one of them with a slow film. */

import 'holdall/widget'

const FILM = 24_000_000
const PIECE = 200_000
/** Between two pieces, in ms. */
const PACE = 80

document.querySelector<HTMLElementTagNameMap['holdall-download']>('#slow')!.files = [
  { name: 'Film.mp4', size: FILM, data: film },
  './samples/lullaby.wav',
]

const language = document.querySelector<HTMLSelectElement>('#language')!
language.addEventListener('change', () => {
  for (const element of document.querySelectorAll('holdall-download')) {
    element.locale = language.value
  }
})

/** A film of nothing, at the pace of a slow line: here, files come too fast to see anything. */
function film(): ReadableStream<Uint8Array> {
  let left = FILM
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, PACE))
      const size = Math.min(PIECE, left)
      controller.enqueue(new Uint8Array(size))
      left -= size
      if (left === 0) controller.close()
    },
  })
}
