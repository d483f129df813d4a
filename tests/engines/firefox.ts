/** Drives an installed Firefox, as it is, by Marionette. */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  bodyOf,
  resultOf,
  type Browser,
  type Download,
  type DownloadState,
  type OpenOptions,
  type Page,
} from './engine.ts'
import { Marionette } from './marionette.ts'
import { start, type Program } from './process.ts'

/** Nothing asks, nothing is fetched but what the tests ask for, and downloads go to `downloads`. */
const preferences = (downloads: string): Record<string, unknown> => ({
  'marionette.port': 0, // one that is free; it is written to the profile
  'browser.download.folderList': 2,
  'browser.download.dir': downloads,
  'browser.download.useDownloadDir': true,
  'browser.download.always_ask_before_handling_new_types': false,
  'browser.download.alwaysOpenPanel': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.aboutwelcome.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.tabs.warnOnClose': false,
  'browser.warnOnQuit': false,
  'app.update.enabled': false,
  'app.normandy.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'termsofuse.bypassNotification': true,
})

/** What Firefox's own list of downloads says; of private windows, too. */
const LIST = `
const { Downloads } = ChromeUtils.importESModule('resource://gre/modules/Downloads.sys.mjs')
const all = await (await Downloads.getList(Downloads.ALL)).getAll()
all.sort((one, other) => one.startTime - other.startTime)`

interface Item {
  readonly url: string
  readonly path: string
  readonly succeeded: boolean
  readonly failed: boolean
  readonly canceled: boolean
}

export async function startFirefox(path: string): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), 'holdall-firefox-'))
  const profile = join(folder, 'profile')
  const downloads = join(folder, 'downloads')
  await mkdir(profile)
  await mkdir(downloads)
  const lines = Object.entries(preferences(downloads)).map(
    (preference) => `user_pref(${preference.map((it) => JSON.stringify(it)).join(', ')});`,
  )
  await writeFile(join(profile, 'user.js'), lines.join('\n'))
  const args = ['-headless', '-no-remote', '-profile', profile]
  // reading the list of downloads is for the browser itself
  const remote = ['-marionette', '-remote-allow-system-access']
  const program = start(path, [...args, ...remote], { HOME: folder })
  const marionette = await Marionette.connect(await portOf(profile, program))
  const { capabilities } = await marionette.send<{
    capabilities: { browserVersion: string }
  }>('WebDriver:NewSession', { timeouts: { script: 300_000, pageLoad: 60_000 } })
  return new Firefox(marionette, `Firefox ${capabilities.browserVersion}`, async () => {
    marionette.close()
    await program.end()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  })
}

/** The port that Firefox has chosen, which it writes into its profile. */
async function portOf(profile: string, program: Program): Promise<number> {
  for (let tries = 0; tries < 300; tries++) {
    const text = await readFile(join(profile, 'MarionetteActivePort'), 'utf8').catch(() => '')
    if (text !== '') return Number(text)
    if (program.child.exitCode !== null) break
    await wait(200)
  }
  await program.end()
  throw new Error(`Firefox does not start: ${program.complaints()}`)
}

class Firefox implements Browser {
  readonly name: string
  readonly close: () => Promise<void>
  readonly #marionette: Marionette

  constructor(marionette: Marionette, name: string, close: () => Promise<void>) {
    this.#marionette = marionette
    this.name = name
    this.close = close
  }

  async open(url: string, { private: isPrivate = false }: OpenOptions = {}): Promise<Page> {
    const { handle } = await this.#marionette.inTurn(async () => {
      // the window before may have been closed, and a new one is opened from one that is there
      const [first] = await this.#marionette.send<string[]>('WebDriver:GetWindowHandles')
      await this.#marionette.send('WebDriver:SwitchToWindow', { handle: first })
      const type = isPrivate ? 'window' : 'tab'
      return this.#marionette.send<{ handle: string }>('WebDriver:NewWindow', {
        type,
        focus: true,
        private: isPrivate,
      })
    })
    await this.#inWindow(handle, 'WebDriver:Navigate', { url })
    return {
      evaluate: (script, argument) => this.#run(handle, bodyOf(script, argument)),
      close: () => this.#inWindow(handle, 'WebDriver:CloseWindow'),
    }
  }

  async downloads(): Promise<readonly Download[]> {
    const items = await this.#inBrowser<Item[]>(
      `${LIST}
      return all.map(({ source, target, succeeded, error, canceled }) =>
        ({ url: source.url, path: target.path, succeeded, failed: error !== null, canceled }))`,
    )
    return items.map((item) => ({
      url: item.url,
      path: item.path,
      name: basename(item.path),
      state: stateOf(item),
      cancel: () =>
        this.#inBrowser(
          `${LIST}
          await all.find(({ source }) => source.url === ${JSON.stringify(item.url)}).cancel()`,
        ),
    }))
  }

  async #run<Result>(handle: string, body: string): Promise<Result> {
    const script = `return (async () => { ${body} })()`
    const { value } = await this.#inWindow<{ value: string | null }>(
      handle,
      'WebDriver:ExecuteScript',
      { script, args: [] },
    )
    return resultOf<Result>(value)
  }

  async #inWindow<Result>(handle: string, command: string, parameters = {}): Promise<Result> {
    return this.#marionette.inTurn(async () => {
      await this.#marionette.send('WebDriver:SwitchToWindow', { handle })
      return this.#marionette.send<Result>(command, parameters)
    })
  }

  /** Runs a script with the browser's own rights, in place of a page. */
  async #inBrowser<Result>(body: string): Promise<Result> {
    const script = `return (async () => { ${body} })()`
    return this.#marionette.inTurn(async () => {
      await this.#marionette.send('Marionette:SetContext', { value: 'chrome' })
      try {
        const parameters = { script, args: [] }
        return (
          await this.#marionette.send<{ value: Result }>('WebDriver:ExecuteScript', parameters)
        ).value
      } finally {
        await this.#marionette.send('Marionette:SetContext', { value: 'content' })
      }
    })
  }
}

function stateOf({ succeeded, failed, canceled }: Item): DownloadState {
  if (succeeded) return 'complete'
  if (canceled) return 'cancelled'
  return failed ? 'failed' : 'running'
}
