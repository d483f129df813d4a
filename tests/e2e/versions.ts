/** A site that has a new version of the service worker when a test says so. */

import { readFileSync } from 'node:fs'
import { built } from './build-app.ts'
import type { ServerOptions } from './server.ts'

/** Of the service worker's script. */
export const release = { version: 1 }

export const RELEASED: ServerOptions = {
  routes: {
    '/holdall-sw.js': (response) => {
      response.writeHead(200, { 'Content-Type': 'text/javascript' })
      const script = readFileSync(`${built}holdall-sw.js`, 'utf8')
      response.end(`${script}\n// ${release.version}`)
    },
  },
}
