/** That diagnose() finds the same faults of a site in each engine, beside what that engine has not. */

import { CASES } from '../e2e/faults.ts'
import { startServer, type ServerOptions } from '../e2e/server.ts'
import type { Diagnosis } from '../../src/index.ts'
import type { Browser } from './engine.ts'
import { expect, hasPrivateFiles, openApp, test } from './fixtures.ts'

const faults = Object.entries(CASES).filter(([, { found }]) => Object.keys(found).length > 0)

test('diagnose() finds what is wrong with a site, and what is taken instead', async ({
  browserOfEngine,
  engine,
  app,
}) => {
  const asks = engine === 'chromium'
  const stores = await hasPrivateFiles(app)
  if (engine !== 'webkit') expect(stores).toBe(true)
  /** What it cannot do on any page, which is said with every fault. */
  const lacks = [...(asks ? [] : ['save-picker']), ...(stores ? [] : ['origin-private'])]
  /** What is taken where Chromium asks its user. */
  const instead = asks ? 'save-picker' : stores ? 'origin-private' : 'memory'
  // side by side, as most of it is waiting for what does not come
  const waiting = [...faults]
  const look = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [fault, { options, sink, found, needs = 'self' }] = next
      const diagnosis = await diagnosisOf(browserOfEngine, options, needs)
      if (diagnosis === undefined) continue
      const { sink: taken, findings } = diagnosis
      expect([fault, taken]).toEqual([fault, sink === 'save-picker' ? instead : sink])
      const seen: Record<string, string> = {}
      for (const { code, severity, message } of findings) {
        if (severity !== 'ok') seen[code] = `${severity}: ${message}`
      }
      const codes = [...Object.keys(found), ...lacks]
      expect([fault, Object.keys(seen).toSorted()]).toEqual([fault, codes.toSorted()])
      for (const [code, pattern] of Object.entries(found)) expect(seen[code]).toMatch(pattern)
    }
  }
  await Promise.all([look(), look(), look(), look()])
})

/** `undefined` where a page has not what it `needs`. */
async function diagnosisOf(
  browser: Browser,
  options: ServerOptions,
  needs: string,
): Promise<Diagnosis | undefined> {
  const server = await startServer(options)
  try {
    const page = await openApp(browser, server)
    const hasIt = await page.evaluate((name: string) => name in window, needs)
    const diagnosis = hasIt ? await page.evaluate(() => window.diagnose()) : undefined
    await page.close()
    return diagnosis
  } finally {
    await server.close()
  }
}

test('diagnose() finds nothing wrong with a page that is right', async ({ app }) => {
  const { sink, findings } = await app.evaluate(() => window.diagnose())
  expect(sink).toBe('service-worker')
  expect(findings.filter(({ severity }) => severity === 'problem')).toEqual([])
  expect(findings.length).toBeGreaterThan(10)
})
