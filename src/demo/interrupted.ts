/** Downloads that were interrupted: by a browser that crashed, say. One press has them made again. */

import { unfinished, type Unfinished } from 'holdall'
import { announce } from './announcer.ts'
import { formatBytes, formatNumberOf } from './format.ts'
import { create, page } from './page.ts'

/** Shows them, if there are any. */
export async function showInterrupted(): Promise<void> {
  const jobs = await unfinished()
  page.interrupted.hidden = jobs.length === 0
  page.interruptedList.replaceChildren(...jobs.map(row))
}

function row(job: Unfinished): HTMLElement {
  const element = create('li', 'interrupted-row')
  const { name, entries, bytes, length } = job
  const size = length === undefined ? [] : [formatBytes(length)]
  const come = bytes === 0 ? [] : [`${formatBytes(bytes)} had come`]
  const facts = [formatNumberOf(entries, 'entry', 'entries'), ...size, ...come]
  const state = create('span', 'interrupted-state', facts.join(', '))
  const again = button('Download again', `Download ${name} again`)
  const forget = button('Forget', `Forget ${name}`)
  again.addEventListener('click', () => {
    again.disabled = true
    forget.disabled = true
    const running = job.resume()
    running.addEventListener('progress', ({ progress }) => {
      const total = progress.total === undefined ? '' : ` of ${formatBytes(progress.total)}`
      state.textContent = `${formatBytes(progress.bytes)}${total}`
    })
    running.finished.then(
      () => end(element, `Packed: ${name}`),
      (error: Error) => {
        state.textContent = error.message
        forget.disabled = false
      },
    )
  })
  forget.addEventListener('click', () => {
    void job.discard().then(() => end(element, `Forgotten: ${name}`))
  })
  const text = create('span', 'interrupted-text')
  text.append(create('bdi', 'interrupted-name', name), state)
  element.append(text, again, forget)
  return element
}

function end(element: HTMLElement, said: string): void {
  element.remove()
  page.interrupted.hidden = page.interruptedList.childElementCount === 0
  announce(said)
}

function button(text: string, label: string): HTMLButtonElement {
  const made = create('button', 'button', text)
  made.type = 'button'
  made.ariaLabel = label
  return made
}
