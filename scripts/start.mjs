// Why: the demo is an app of its own that uses the package as built, so both must be built first.

import { build, preview } from 'vite'
import { buildPackage } from './build.mjs'

const port = Number(process.env['PORT'] ?? 4173)
// by number: where `localhost` is ::1 only, 127.0.0.1 would find nothing
const host = process.env['HOST'] ?? '127.0.0.1'

await buildPackage()
await build({ logLevel: 'warn' })
const server = await preview({ preview: { port, host, strictPort: true } })
console.log(`holdall's demo: ${server.resolvedUrls?.local[0] ?? `http://${host}:${port}/`}`)
