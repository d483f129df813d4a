/** Downloads of other pages: those that go on without theirs, and those that were interrupted. */

import { isHoldallError, unfinished, type DownloadNews, type Unfinished } from 'holdall'
import { announce } from './announcer.ts'
import { formatBytes, formatNumberOf } from './format.ts'
import { create, page } from './page.ts'

/** Downloads that the service worker makes, by id. */
const goingOn = new Map<string, { element: HTMLElement; state: HTMLElement }>()

/** Shows them, if there are any, and as they come. */
export async function showInterrupted(): Promise<void> {
  new BroadcastChannel('holdall').addEventListener('message', hear)
  // an upload, of another page of this site, is gone on with by who can sign its parts
  const jobs = (await unfinished()).filter(({ sink }) => sink !== 'upload')
  page.interruptedList.append(...jobs.map(row))
  page.interrupted.hidden = page.interruptedList.childElementCount === 0
}

/** Shows how far a download is whose page is gone. */
function hear({ data }: MessageEvent<DownloadNews>): void {
  const { id, name, bytes, length, state } = data
  const shown = goingOn.get(id)
  if (state === 'taken-over') {
    const of = length === undefined ? '' : ` of ${formatBytes(length)}`
    const { state: text } = shown ?? addGoingOn(id, name)
    text.textContent = `Goes on without its page: ${formatBytes(bytes)}${of}`
  } else if (shown !== undefined) {
    goingOn.delete(id)
    end(shown.element, state === 'done' ? `Packed: ${name}` : `Not packed: ${name}`)
  }
}

function addGoingOn(id: string, name: string): { element: HTMLElement; state: HTMLElement } {
  const element = create('li', 'interrupted-row')
  const state = create('span', 'interrupted-state')
  element.append(described(name, state))
  page.interruptedList.append(element)
  page.interrupted.hidden = false
  const shown = { element, state }
  goingOn.set(id, shown)
  return shown
}

function described(name: string, state: HTMLElement): HTMLElement {
  const text = create('span', 'interrupted-text')
  text.append(create('bdi', 'interrupted-name', name), state)
  return text
}

function row(job: Unfinished): HTMLElement {
  const element = create('li', 'interrupted-row')
  const { name, entries, bytes, length, sink } = job
  const size = length === undefined ? [] : [formatBytes(length)]
  const goesOn = sink === 'file-system' && bytes > 0
  const come =
    bytes === 0 ? [] : [`${formatBytes(bytes)} ${goesOn ? 'are in its file' : 'had come'}`]
  const facts = [formatNumberOf(entries, 'entry', 'entries'), ...size, ...come]
  const state = create('span', 'interrupted-state', facts.join(', '))
  const again = goesOn
    ? button('Go on', `Go on with ${name}`)
    : button('Download again', `Download ${name} again`)
  const forget = button('Forget', `Forget ${name}`)
  state.tabIndex = -1
  again.addEventListener('click', () => {
    state.focus() // a button that is disabled loses the focus
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
        announce(`Not packed: ${error.message}`)
        again.disabled = isHoldallError(error, 'cancelled') // nothing is kept of it then
        forget.disabled = false
        if (document.activeElement === state) (again.disabled ? forget : again).focus()
      },
    )
  })
  forget.addEventListener('click', () => {
    void job.discard().then(() => end(element, `Forgotten: ${name}`))
  })
  element.append(described(name, state), again, forget)
  return element
}

function end(element: HTMLElement, said: string): void {
  const held = element.contains(document.activeElement)
  const beside = element.nextElementSibling ?? element.previousElementSibling
  element.remove()
  page.interrupted.hidden = page.interruptedList.childElementCount === 0
  const next = beside?.querySelector<HTMLElement>('button:enabled') ?? page.status
  if (held) next.focus({ preventScroll: true })
  announce(said)
}

function button(text: string, label: string): HTMLButtonElement {
  const made = create('button', 'button', text)
  made.type = 'button'
  made.ariaLabel = label
  return made
}
