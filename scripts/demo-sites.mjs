// Why: the demo and the site that embeds it must know each other's origins, when built and when served.

export const port = Number(process.env['PORT'] ?? 4173)
// by number: where `localhost` is ::1 only, 127.0.0.1 would find nothing
export const host = process.env['HOST'] ?? '127.0.0.1'

export const shopPort = port + 1
/** Of the site that embeds the demo, as its visitors have it. */
export const shopOrigin = `http://${host}:${shopPort}`
