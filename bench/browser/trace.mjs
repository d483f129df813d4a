// Why: how long a page's thread was busy depends on who else wants the processor; how much of one it took does not.

/** The browser's own name for a task. */
const TASK = 'ThreadControllerImpl::RunTask'
/** How the page's thread makes itself known among all others: by a mark of its own. */
const MARK = 'this is the thread'

/**
 * The most of a processor's time that one task of a page's thread took while `work` was done, in ms
 * (https://chromedevtools.github.io/devtools-protocol/tot/Tracing/).
 *
 * @param {import('chrome-remote-interface').Client} client Of the browser.
 * @param {(expression: string) => Promise<unknown>} evaluate In the page.
 * @param {() => Promise<unknown>} work
 */
export async function longestTask(client, evaluate, work) {
  /** @type {Record<string, any>[]} */
  const events = []
  const stop = client.Tracing.dataCollected(({ value }) => {
    for (const event of value) events.push(event)
  })
  try {
    await client.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: { includedCategories: ['toplevel', 'blink.user_timing'] },
    })
    await evaluate(`void performance.mark('${MARK}')`)
    await work()
    const complete = client.Tracing.tracingComplete()
    await client.send('Tracing.end')
    await complete
  } finally {
    stop()
  }
  const mark = events.find(({ name }) => name === MARK)
  const tasks = events.filter(
    ({ name, pid, tid }) => name === TASK && pid === mark?.['pid'] && tid === mark?.['tid'],
  )
  if (tasks.length === 0) throw new Error(`the browser told of no ${TASK} of the page`)
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000
}
