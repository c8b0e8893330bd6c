import { expect, type Page } from '@playwright/test'

/** What the forms of the console send, from a page of the console. */
export async function ask(page: Page, procedure: string, input: object | null = null): Promise<void> {
  const status = await page.evaluate(
    async ([path, body]) => {
      const headers = { 'content-type': 'application/json' }
      return (await fetch(`/api/trpc/${path}`, { method: 'POST', headers, body })).status
    },
    [procedure, input === null ? '' : JSON.stringify(input)] as const,
  )
  expect(status, procedure).toBe(200)
}
