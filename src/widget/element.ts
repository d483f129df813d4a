/** The element: joins files, offers, run and view. Registering it is for others. */

import { loaded } from '../client/loaded.ts'
import type { ZipOptions } from '../client/options.ts'
import type { FilesInput } from '../manifest/types.ts'
import { adoptStyles } from './adopt-style.ts'
import { AttributesElement, takeEarlyProperties } from './attributes.ts'
import { fire, fireEnd } from './events.ts'
import { FileFinder } from './file-finder.ts'
import { absolute, same, type Files } from './files.ts'
import { makeJob, type WidgetJob } from './jobs.ts'
import { whenNear } from './near.ts'
import type { Offers } from './offers.ts'
import type { WidgetState } from './readout.ts'
import { Run, type Follower } from './run.ts'
import type { Selection } from './selection.ts'
import { Speech } from './speech.ts'
import { showState } from './states.ts'
import type { WidgetText } from './text.ts'
import { View } from './view.ts'

/** How long further choices are waited for before the sizes are asked for again, in ms. */
const CHOSEN = 400

/**
 * One click, one ZIP: `<holdall-download>` packs the links that it is wrapped around, those of a
 * selector, the files of a manifest, or those of its property `files`.
 */
export class HoldallDownloadElement extends AttributesElement {
  /** So that a `fieldset` can disable it. It has no value. */
  static readonly formAssociated = true

  /** Whether it offers what was interrupted of its files. */
  protected readonly looksBack: boolean = true
  readonly #internals = this.attachInternals()
  readonly #root = this.attachShadow({ mode: 'open' })
  readonly #view = new View(this.#root, this)
  readonly #speech = new Speech(this, () => this.#draw())
  readonly #finder = new FileFinder(this, (files) => this.#found(files))
  readonly #follower: Follower = {
    changed: (run) => {
      this.#draw()
      fireEnd(this, run)
    },
    progressed: (progress) => {
      this.#draw()
      fire(this, 'holdall-progress', { progress })
    },
    passedOver: (fallback) => {
      this.#draw()
      fire(this, 'holdall-fallback', { fallback })
    },
  }
  #stopWaiting: (() => void) | undefined
  #given: FilesInput | undefined
  #options: ZipOptions = {}
  /** `undefined` while they are being found. */
  #files: Files | undefined
  #offers: Offers | undefined
  #run: Run | undefined
  #selection: Selection | undefined
  #byForm = false
  #seen = false
  #choosing: ReturnType<typeof setTimeout> | undefined

  /** The files to pack, in place of links or a manifest: whatever `zip()` takes. */
  get files(): FilesInput | undefined {
    return this.#given
  }
  set files(files: FilesInput | undefined) {
    // frameworks may give the same anew with each rendering, and pages the same list with others in it
    const known = Array.isArray(files) && this.#given !== undefined ? this.#files : this.#given
    if (same(files, known)) return
    this.#given = files ?? undefined
    this.#forget()
    this.#find()
  }

  /** What the job is told besides: see `ZipOptions`. Attributes go first. */
  get options(): ZipOptions {
    return this.#options
  }
  set options(given: ZipOptions | undefined) {
    const options = given ?? {}
    const isSame = same(options, this.#options)
    this.#options = options
    if (!isSame) this.#ask()
  }

  /** Words in place of the element's own. */
  get text(): Partial<WidgetText> {
    return this.#speech.own
  }
  set text(text: Partial<WidgetText> | undefined) {
    this.#speech.own = text ?? {}
  }

  /** What it is doing: `empty` while it has no files, else as a job says it. */
  get state(): WidgetState {
    if (this.#run !== undefined) return this.#run.state
    return this.#files?.length === 0 ? 'empty' : 'idle'
  }

  /** As a click does: nothing happens while a download runs or it is disabled, nor before there is something to pack. */
  start(): void {
    const chosen = this.#chosen()
    if (!chosen?.length || this.disabled || this.#byForm || this.#run?.over === false) return
    const files = this.#offers?.filesOf(chosen, this.#files, this.#run?.error) ?? chosen
    if (!fire(this, 'holdall-start', { files: this.#finder.failure ? [] : files })) return
    const job = this.#offers?.take(files, chosen, this.#run?.error, this.#options)
    this.#run = new Run(job ?? this.#make(files, this.#jobOptions()), this.#follower)
    this.#draw()
    this.#loadPanel()
  }

  /** Holds the download up. */
  pause(): void {
    this.#run?.job?.pause()
  }

  /** Goes on after `pause()`. */
  resume(): void {
    this.#run?.job?.resume()
  }

  /** Ends the download. */
  cancel(): void {
    this.#run?.cancel()
  }

  override focus(options?: FocusOptions): void {
    this.#view.focus(options)
  }

  /** Makes the job of each download. Elements that pack elsewhere give another. */
  protected createJob(files: Files, options: ZipOptions): Promise<WidgetJob> {
    return makeJob(files, options)
  }

  connectedCallback(): void {
    takeEarlyProperties(this)
    this.#run?.follow(this.#follower)
    this.#speech.follow()
    const seen = (): void => {
      this.#seen = true
      this.#ask()
    }
    if (!this.#seen) this.#stopWaiting = whenNear(this, seen)
    this.#find()
  }

  /** Style sheets stay behind when an element is moved into another document. */
  adoptedCallback(): void {
    adoptStyles(this.#root)
  }

  /** A running download goes on without its element. */
  disconnectedCallback(): void {
    this.#run?.follow()
    this.#stopWaiting?.()
    this.#speech.stop()
    this.#finder.stop()
    this.#offers?.stop()
    clearTimeout(this.#choosing)
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (!this.isConnected || before === after) return
    if (name === 'locale') void this.#speech.learn()
    else if (/^(for|manifest|selectable)$/.test(name)) {
      this.#forget()
      this.#find()
    } else if (name === 'disabled') this.#draw()
    else this.#ask()
  }

  formDisabledCallback(disabled: boolean): void {
    this.#byForm = disabled
    this.#draw()
  }

  #find(): void {
    this.#files = undefined
    this.#draw()
    const { isConnected, htmlFor, manifest, selectable } = this
    const given = this.#given ?? (manifest === '' ? undefined : absolute(manifest, this.baseURI))
    if (isConnected) this.#finder.find(given, htmlFor, selectable)
  }

  #found(files: Files): void {
    if (this.#files !== undefined) this.#forget()
    this.#files = files
    this.#draw()
    this.#ask()
    if (this.selectable && this.#selection === undefined) {
      this.#makeSelection().catch(() => undefined) // without the list, all of them are chosen
    }
  }

  /** What a download came to says nothing of other files. */
  #forget(): void {
    if (this.#run?.over) this.#run = undefined
  }

  async #makeSelection(): Promise<void> {
    const { Selection } = await loaded(import('./selection.ts'))
    this.#selection ??= new Selection(this.#root, () => this.#choose())
    this.#view.append(this.#selection.element)
    this.#draw()
  }

  /** The user has chosen other files. */
  #choose(): void {
    this.#forget()
    this.#offers?.drop()
    this.#draw()
    clearTimeout(this.#choosing)
    this.#choosing = setTimeout(() => this.#ask(), CHOSEN)
  }

  #chosen(): Files | undefined {
    const files = this.#files
    const some = this.selectable && typeof files === 'object' && this.#selection?.chosenOf(files)
    return some || files
  }

  /** Asks what the archive will be, once somebody may want to know. */
  #ask(): void {
    // while a download runs, too: the next one is of other files, or by other options
    if (this.#run !== undefined) return this.#offers?.stop()
    this.#offers?.drop()
    if (!this.#seen) return
    this.#loadPanel()
    this.#offer().catch(() => undefined) // offline, there is the button
  }

  async #offer(): Promise<void> {
    const { Offers } = await import('./offers.ts')
    this.#offers ??= new Offers(
      this.#view,
      this,
      (files, options) => this.#make(files, options),
      () => this.#draw(),
      this.looksBack,
    )
    if (!this.isConnected || this.#run !== undefined) return
    const all = this.selectable ? this.#files : undefined
    await this.#offers.ask(this.#chosen(), this.#jobOptions(), this.preload !== 'none', all)
  }

  /** A job of files that could not be had fails as they did. */
  #make(files: Files, options: ZipOptions): Promise<WidgetJob> {
    return this.#finder.failure ?? this.createJob(files, options)
  }

  #loadPanel(): void {
    const draw = (): void => this.#draw()
    this.#view.loadPanel().then(draw, draw) // without it, the button does what it can
  }

  #jobOptions(): ZipOptions {
    const name = this.name || this.#options.name || this.#finder.name
    return {
      ...this.#options,
      ...(name !== undefined && { name }),
      ...(this.hasAttribute('missing') && { onError: this.missing }),
    }
  }

  #draw(): void {
    const { state } = this
    const off = this.disabled || this.#byForm
    showState(this.#internals, state)
    if (this.#speech.spoken === undefined) return
    const { text, format, locale } = this.#speech.spoken
    const plan = this.#offers?.plan
    const files = typeof this.#files === 'object' ? this.#files : undefined
    const chosen = this.#chosen()
    const facts = {
      state,
      files: files?.length ?? plan?.entries,
      chosen: typeof chosen === 'object' ? chosen.length : undefined,
      length: plan?.expectedLength ?? plan?.length,
      ...(this.#run?.over === false && this.#offers?.begun),
      ...this.#run?.facts,
    }
    this.#view.draw(facts, text, {
      label: this.name || plan?.name || text.download,
      lang: locale,
      format,
      disabled: off || !chosen?.length,
    })
    this.#offers?.draw(text, format, this.#run === undefined, off, chosen)
    // while files are being found, it keeps those before, and with them the focus and its place
    if (this.#selection && this.#files !== undefined) {
      this.#selection.element.hidden = !this.selectable || files === undefined
      this.#selection.draw(files ?? [], text, format, off || this.#run?.over === false)
    }
  }
}
