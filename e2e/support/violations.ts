import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** What axe finds wrong by WCAG 2.2 AA on the page as it is now, and whether it scrolls sideways. */
export async function violations(page: Page, route: string): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const isWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  const told = found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${route}: ${id} ${target.join(' ')} ${failureSummary}`),
  )
  return isWide ? [...told, `${route}: scrolls sideways`] : told
}
