import { expect, test } from './support/test.ts'
import { violations } from './support/violations.ts'

const ROUTES = [
  '/filters',
  '/filters?q=nothing-mentions-this',
  '/filters/clean-traffic',
  '/filters/not-there',
  '/graph',
  '/graph?view=list',
  '/graph?focus=no-arp-spoofing',
  '/nics',
  '/nics/vnet0',
  '/nics/vnet0?tab=compiled',
  '/nics/vnet0?tab=kernel',
  '/nics/vnet0?tab=binding',
  '/nics/vnet2',
  '/nics/not-there',
  '/hosts',
  '/hosts?kind=alarm',
  '/not-there',
] as const
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of SIZES) {
    test.describe(`${colorScheme}, ${viewport.width} px wide`, () => {
      test.use({ colorScheme, viewport })

      test('no route violates WCAG 2.2 AA or scrolls sideways', async ({ signedIn: page }) => {
        test.setTimeout(180_000)
        const errors: string[] = []
        page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.message}`))
        for (const route of ROUTES) {
          await page.goto(route)
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
          if (route.startsWith('/filters/clean')) await expect(page.locator('.view-line').first()).toBeVisible()
          await expect(page.getByText('Loading')).toHaveCount(0)
          errors.push(...(await violations(page, route)))
        }
        expect(errors).toEqual([])
      })

      test('nor does the sign-in page', async ({ page, instance }) => {
        await page.goto(`${instance.origin}/sign-in`)
        expect(await violations(page, '/sign-in')).toEqual([])
      })
    })
  }
}
