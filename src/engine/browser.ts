/** Engines that end a service worker in the midst of a download: known by name, as nothing else tells. */

/** Firefox's ends one that hears from no page for a minute, and calls what it was sending complete. */
export function isGecko(): boolean {
  return /Gecko\/\d/.test(navigator.userAgent)
}

/** WebKit ends one, or leaves it hanging, when the last page is gone. */
export function isWebKit(): boolean {
  return /AppleWebKit\//.test(navigator.userAgent) && !/Chrome\//.test(navigator.userAgent)
}
