// Why: the demo is an app of its own that uses the package as built, so both must be built first.

import { build, preview } from 'vite'
import { buildPackage } from './build.mjs'
import { host, port, shopOrigin, shopPort } from './demo-sites.mjs'
import { startShop } from './shop.mjs'

await buildPackage()
await build({ logLevel: 'warn' })
const server = await preview({ preview: { port, host, strictPort: true } })
const url = server.resolvedUrls?.local[0] ?? `http://${host}:${port}/`
await startShop({ port: shopPort, host, hosting: new URL(url).origin })
console.log(`holdall's demo: ${url}`)
console.log(`another site, which embeds it: ${shopOrigin}/`)
