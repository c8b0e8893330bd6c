import { type Browser, chromium, type Page } from '@playwright/test'
import { type Instance, startInstance } from '../e2e/support/instance.ts'
import { type Bench, compared, median, time } from './bench.ts'

const BUDGET = { scriptKb: 200, lcpMs: 1200, startMs: 5000, editorMs: 2500 }
const LOADS = 5

/** What the browser feels: bytes of the first route, largest contentful paint, the editor, and a second start. */
export const run: Bench = async (print) => {
  let instance: Instance | undefined
  const startMs = await time(async () => {
    instance = await startInstance()
    await fetch(`${instance.origin}/sign-in`)
  })
  print(compared('second start to the first page', startMs, 'ms', 'budget 5000 ms', BUDGET.startMs))
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  try {
    if (instance === undefined) throw new Error('it did not start')
    const state = await signIn(browser, instance)
    const loads = []
    for (let load = 0; load < LOADS; load += 1) loads.push(await measureLoad(browser, instance, state))
    const kilobytes = median(loads.map(({ scriptBytes }) => scriptBytes)) / 1000
    print(compared('script of /filters, compressed', kilobytes, 'kB', 'budget 200 kB', BUDGET.scriptKb))
    print(compared('LCP of /filters', median(loads.map(({ lcp }) => lcp)), 'ms', 'budget 1200 ms', BUDGET.lcpMs))
    const editor = median(loads.map(({ editorMs }) => editorMs))
    print(compared('editor usable, empty cache', editor, 'ms', 'budget 2500 ms', BUDGET.editorMs))
  } finally {
    await browser.close()
    await instance?.stop()
  }
}

async function signIn(browser: Browser, instance: Instance) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(await instance.link())
  await page.waitForURL('**/filters')
  const state = await context.storageState()
  await context.close()
  return state
}

/** One visit with an empty cache. */
async function measureLoad(browser: Browser, { origin }: Instance, storageState: Awaited<ReturnType<typeof signIn>>) {
  const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(`${origin}/filters`)
  await page.getByRole('link', { name: 'clean-traffic', exact: true }).waitFor()
  // Chromium settles the largest paint a moment after it.
  await page.waitForTimeout(500)
  const { lcp, scriptBytes } = await readTimings(page)
  const editorMs = await time(async () => {
    await page.getByRole('link', { name: 'clean-traffic', exact: true }).click()
    await page.locator('.view-line').first().waitFor()
  })
  await context.close()
  return { lcp, scriptBytes, editorMs }
}

function readTimings(page: Page): Promise<{ lcp: number; scriptBytes: number }> {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
        const scriptBytes = resources
          .filter(({ name }) => /\.js(\?|$)/.test(name))
          .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
        new PerformanceObserver((list) =>
          resolve({ lcp: list.getEntries().at(-1)?.startTime ?? 0, scriptBytes }),
        ).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        })
      }),
  )
}
