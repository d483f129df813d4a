/** The dialog for saving that a browser has of its own, answered as by a user. */

import { join } from 'node:path'
import { FILES, WITHOUT_WORKER, expectRight } from '../e2e/fallback.ts'
import { expect, fallsShort, test } from './fixtures.ts'
import { missing, startDesktop } from './save-dialog.ts'

test.use({ serverOptions: WITHOUT_WORKER })

test('a file that the user chooses in a dialog of the browser', async ({
  app,
  engine,
  server,
  launchOptions,
}) => {
  if (engine !== 'chromium') {
    expect(await app.evaluate(() => 'showSaveFilePicker' in window)).toBe(false)
    return fallsShort('it has no such dialog; storage or memory are taken')
  }
  const why = missing()
  test.skip(why !== undefined, why)
  const desktop = await startDesktop(`${server.origin}/`, launchOptions)
  try {
    const { page } = desktop
    await page.evaluate((files) => {
      document.addEventListener('click', () => {
        window.outcome = window.download(files, { name: 'fällt.zip' })
      })
    }, FILES)
    const click = (): Promise<void> => page.mouse.click(100, 100)
    await desktop.answer('cancel', click)
    expect(await page.evaluate(() => window.outcome)).toMatchObject({
      code: 'cancelled',
      detail: { by: 'browser' },
    })
    expect(server.sent).toBe(0)
    await desktop.answer('save', click)
    expect(await page.evaluate(() => window.outcome)).toMatchObject({
      report: { sink: 'save-picker', entries: 2, fallbacks: [{ sink: 'service-worker' }] },
    })
    expectRight(join(desktop.folder, 'fällt.zip'))
  } finally {
    await desktop.end()
  }
})
