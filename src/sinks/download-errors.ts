/** Why a download through the service worker failed, in words. */

import { HoldallError } from '../errors.ts'

/** For a service worker that knows nothing of downloads, as its newer version may. */
export async function noAnswer(worker: ServiceWorker): Promise<HoldallError> {
  const registrations = await navigator.serviceWorker.getRegistrations().catch(() => [])
  const waits = registrations.some(
    ({ active, waiting, installing }) => active === worker && (waiting ?? installing) !== null,
  )
  const remedy = waits
    ? 'a newer version of it is being installed, or waits until no page of the site is open: have that one call skipWaiting() when it is installed'
    : 'if it is your own, it must import holdall/service-worker and call answerDownload(event)'
  return new HoldallError(
    'service-worker-failed',
    `Cannot hand over the download: the service worker does not answer; ${remedy}`,
    { url: location.href },
  )
}

export function handoffFailed(url: string): HoldallError {
  return new HoldallError(
    'handoff-failed',
    `Cannot start the download: the browser did not ask the service worker for ${url}; check the Content-Security-Policy (frame-src, sandbox) and the scope of the service worker`,
    { url },
  )
}

export function serviceWorkerGone(): HoldallError {
  return new HoldallError(
    'delivery-lost',
    'The download was stopped: the browser has ended the service worker that was answering it; whatever the browser says, the file is not whole: download it again',
    { reason: 'service-worker-gone' },
  )
}

export function cancelledInBrowser(): HoldallError {
  return new HoldallError('cancelled', 'The download was cancelled in the browser', {
    by: 'browser',
  })
}
