/** The demo: puts the parts together, and says what may be done when. */

import { isHoldallError, type JobState, type OnError, type Progress } from 'holdall'
import { showAbilities } from './abilities.ts'
import { announce, announceStart } from './announcer.ts'
import { Bag } from './bag.ts'
import { copyIsReady, isForCopy, showCopy } from './copy.ts'
import { FileList } from './file-list.ts'
import { FileStates } from './file-states.ts'
import type { Item } from './item.ts'
import { showInterrupted } from './interrupted.ts'
import { Packing } from './packing.ts'
import { page } from './page.ts'
import { showCount, showPlan } from './plan-summary.ts'
import { Planner } from './planner.ts'
import { hideError, showError, showPhase, showProgress, showReport, showShare } from './readout.ts'
import { canChooseFile, chosenFile, download, inMemory, type Way } from './save.ts'
import { connectSources, noticeLate } from './sources.ts'
import { connectTakeAlong } from './take-along.ts'

const bag = new Bag(changed)
const list = new FileList(page.scroller, page.entries, removeAt)
const planner = new Planner({
  planned: (plan) => {
    showPlan(plan)
    if (isForCopy()) copyIsReady()
  },
  failed: (error) => {
    showPhase('failed', 'This cannot be packed', '')
    showError(error)
  },
})
/** The buttons that begin. */
const STARTING = [page.download, page.inMemory, page.saveTo]
/** What is said aloud of an archive that is not getting on. */
const HELD_UP: Partial<Record<JobState, string>> = {
  paused: 'Paused',
  waiting: 'Waiting for a network',
  stalled: 'Held up',
}
let packing: Packing | undefined
/** Whether the name is the user's own, and not to be changed by what is put in. */
let named = false

/** What was read to its end only while an archive was being made: it is put in after that. */
let late: readonly Item[] = []

connectSources({
  accepts: () => packing === undefined,
  add: (items, name) => {
    if (packing !== undefined) {
      late = [...late, ...items]
      return false
    }
    if (items.length === 0) return true
    if (bag.items.length === 0 && name !== undefined && !named) {
      page.archiveName.value = `${name}.zip`
    }
    bag.add(items)
    bringIntoView()
    return true
  },
})

page.clear.addEventListener('click', () => {
  if (!named) page.archiveName.value = page.archiveName.defaultValue
  bag.clear()
  page.notice.textContent = 'The bag is empty'
  page.pickFiles.focus()
})
page.archiveName.addEventListener('input', () => (named = page.archiveName.value.trim() !== ''))
page.archiveName.addEventListener('change', () => (page.archiveName.value = archiveName()))
page.download.addEventListener('click', () => pack(download))
page.leaveOut.addEventListener('change', () => planner.plan(bag.items, archiveName(), onError()))
page.pause.addEventListener('click', () => packing?.togglePause())
page.cancel.addEventListener('click', () => packing?.cancel())
page.inMemory.addEventListener('click', () => pack(inMemory))
page.saveTo.hidden = !canChooseFile()
page.saveTo.addEventListener('click', () => void packToFile())
page.bench.addEventListener('toggle', () => page.bench.open && showAbilities(), { once: true })
connectTakeAlong()
changed()
if (isForCopy()) void showCopy(({ items }) => bag.add(items))
else void showInterrupted()

function archiveName(): string {
  const name = page.archiveName.value.trim().replace(/\.zip$/i, '')
  return `${name === '' ? 'holdall' : name}.zip`
}

function onError(): OnError {
  return page.leaveOut.checked ? 'skip' : 'abort'
}

/** The bag has other things in it than before: what was said of it is over. */
function changed(): void {
  const { items } = bag
  settle('Download ZIP')
  page.invitation.hidden = items.length > 0
  page.scroller.hidden = items.length === 0 // before the list, which measures a row
  list.items = items
  list.marks = { state: 'editable' }
  hideError()
  showShare(undefined)
  showCount(items.length)
  if (items.length === 0) showPhase('empty', 'An empty bag', 'Put something in to begin.')
  else showPhase('ready', 'Ready to zip', 'No file is fetched before you press the button.')
  planner.plan(items, archiveName(), onError())
}

function removeAt(index: number): void {
  const item = bag.items[index]
  if (item === undefined || packing !== undefined) return
  bag.remove(item.id)
  announce(`Removed ${item.path}`)
  if (bag.items.length > 0) list.focus(Math.min(index, bag.items.length - 1))
  else page.pickFiles.focus()
}

async function packToFile(): Promise<void> {
  try {
    const way = await chosenFile(archiveName())
    if (way) pack(way)
  } catch (error) {
    showError(error)
  }
}

/** Runs a job from the list as it is, first or again. */
function pack(way: Way): void {
  if (packing !== undefined || bag.items.length === 0) return
  const held = document.activeElement
  settle('Download ZIP', true)
  hideError()
  showShare(0, 'getting ready')
  showPhase('planning', 'Getting ready', '')
  list.rewind()
  const files = new FileStates()
  const { length: count } = bag.items
  list.marks = { state: 'running', done: 0, files }
  const job = planner.take(archiveName(), onError())
  packing = new Packing(job, way, {
    progress: (progress, state, needsPage) => {
      files.add(progress)
      showProgress(progress, state, needsPage)
      list.marks = running(progress, files)
    },
    changed: (state) => {
      page.pause.textContent = state === 'paused' ? 'Resume' : 'Pause'
      announce(HELD_UP[state] ?? 'Packing goes on')
    },
    done: (report, ms) => {
      finish('Pack again')
      list.marks = { state: 'done', count, files }
      announce(showReport(report, ms))
    },
    cancelled: (byBrowser) => {
      finish('Download ZIP')
      list.marks = { state: 'editable' }
      showShare(undefined)
      const where = byBrowser ? 'In the browser’s downloads. ' : ''
      showPhase('cancelled', 'Cancelled', `${where}Everything is still in the bag.`)
      announce('Cancelled')
    },
    failed: (error, last) => fail(error, last),
  })
  announceStart(`Packing ${job.name}`)
  if (held === document.body || STARTING.includes(held as HTMLButtonElement)) {
    focusFrom(held!, page.pause)
  }
}

function running({ entries, current }: Progress, files: FileStates): FileList['marks'] {
  const done = current?.index ?? entries
  if (current?.size === undefined || current.size === 0) return { state: 'running', done, files }
  return { state: 'running', done, files, share: Math.min(1, current.bytes / current.size) }
}

function fail(error: unknown, last: Progress | undefined): void {
  const done = last?.current?.index ?? last?.entries ?? 0
  const entry = isHoldallError(error) && 'entry' in error.detail ? error.detail.entry : undefined
  const place = bag.items.findIndex(({ path }) => path === entry)
  const failed = place === -1 ? last?.current?.index : place
  finish('Try again')
  showPhase('failed', 'Not packed', 'Your browser may list a download that failed.')
  showError(error)
  list.marks = { state: 'failed', done, ...(failed !== undefined && { failed }) }
}

function finish(label: string): void {
  const held = document.activeElement
  packing = undefined
  if (late.length > 0) {
    bag.add(late)
    noticeLate(late)
    late = []
  }
  settle(label)
  if (held === page.pause || held === page.cancel) focusFrom(held, page.download)
}

/**
 * After the next frame, which has the page laid out anyway; unless the user goes elsewhere before. Who has scrolled there
 * stays there.
 */
function focusFrom(held: Element, next: HTMLElement): void {
  requestAnimationFrame(() =>
    setTimeout(() => {
      if (![held, document.body].includes(document.activeElement as HTMLElement)) return
      const isOver = next.hidden // sooner than that
      ;(isOver ? page.download : next).focus({ preventScroll: true })
    }),
  )
}

/** Shows the controls that are of use now. */
function settle(label: string, busy = false): void {
  // before all else: to take the focus from a button, browsers bring up to date all that has changed by then
  for (const button of busy ? STARTING : [page.pause, page.cancel]) button.blur()
  const empty = bag.items.length === 0
  page.clear.disabled = busy
  page.leaveOut.disabled = busy
  for (const button of [page.useMany, page.inMemory, page.saveTo]) button.disabled = busy
  page.inMemory.disabled ||= empty
  page.saveTo.disabled ||= empty
  page.download.disabled = empty
  page.sources.disabled = busy
  page.archiveName.readOnly = busy
  page.clear.hidden = empty
  page.download.textContent = label
  page.pause.textContent = 'Pause'
  page.download.hidden = busy
  page.pause.hidden = !busy
  page.cancel.hidden = !busy
}

function bringIntoView(): void {
  const { top } = page.bag.getBoundingClientRect()
  if (top < innerHeight * 0.7) return
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  page.bag.scrollIntoView({ behavior: still ? 'auto' : 'smooth' })
}
