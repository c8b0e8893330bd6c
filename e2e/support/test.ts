import { test as base, type Page } from '@playwright/test'
import { type Instance, startInstance } from './instance.ts'

type Fixtures = { readonly signedIn: Page }
type WorkerFixtures = { readonly instance: Instance; readonly session: Session }
type Session = Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>

/** Playwright's test with a running instance, and a page that is signed in to it. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  instance: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const instance = await startInstance()
      await use(instance)
      await instance.stop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  session: [
    async ({ instance, browser }, use) => {
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(await instance.link())
      await page.waitForURL('**/filters')
      const state = await context.storageState()
      await context.close()
      await use(state)
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ instance }, use) => use(instance.origin),
  signedIn: async ({ page, session }, use) => {
    await page.context().addCookies(session.cookies)
    await use(page)
  },
})

export { expect } from '@playwright/test'
