import { ask } from './support/ask.ts'
import { startInstance } from './support/instance.ts'
import { expect, test } from './support/test.ts'
import { violations } from './support/violations.ts'

const BINDING = {
  portDevice: 'vnet2',
  owner: { name: 'lab-guest-2', uuid: '00000000-0000-4000-8000-000000000012' },
  mac: '52:54:00:00:00:12',
  filter: 'clean-traffic',
  parameters: [],
  expected: null,
}

test('an address that the binding does not give is learned, and shown with where it comes from', async ({
  signedIn: page,
  instance,
}) => {
  await page.goto('/nics/vnet2')
  await ask(page, 'binding.save', BINDING)
  await page.reload()
  const readiness = page.getByRole('region', { name: 'Readiness', exact: true })
  await expect(readiness).toContainText('$IP is learned from the first packet of the guest')
  await expect(page.getByRole('row').filter({ hasText: 'temporary rule' })).toHaveCount(4)
  await page.getByRole('button', { name: 'Apply to vnet2' }).click()
  await expect(page.getByRole('region', { name: 'Kernel now' })).toContainText('Same as last applied')
  await expect(page.getByText('Waiting for an address')).toBeVisible()
  expect(await violations(page, 'waiting')).toEqual([])
  await instance.sluice('lab', 'exec', '--in', 'vnet2', '--', 'ping', '-c1', '-W2', '192.0.2.1')
  await expect(page.getByText('(learned: first packet)')).toBeVisible()
  await expect(readiness).toContainText('$IP is 192.0.2.12, as it was learned')
  // The page follows: these are the rules of the filter now.
  await expect(page.getByRole('row').filter({ hasText: 'temporary rule' })).toHaveCount(0)
  await page.goto('/nics')
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'vnet2' }) })
  await expect(row).toContainText('192.0.2.12 learned')
  expect(await violations(page, 'learned')).toEqual([])
  await ask(page, 'binding.delete', { portDevice: 'vnet2' })
  await ask(page, 'nic.install', { portDevice: 'vnet2' })
})

test('with the backend ebiptables nothing is learned, and the page says so', async ({ page }) => {
  const instance = await startInstance('--backend', 'ebiptables')
  try {
    await page.goto(await instance.link())
    await page.waitForURL('**/filters')
    await ask(page, 'binding.save', BINDING)
    await page.goto(`${instance.origin}/nics/vnet2`)
    const readiness = page.getByRole('region', { name: 'Readiness', exact: true })
    await expect(readiness).toContainText('Addresses are learned with the backend nftables alone')
    await expect(readiness).toContainText('$IP has no value')
    await expect(page.getByRole('button', { name: 'Apply to vnet2' })).toBeDisabled()
  } finally {
    await instance.stop()
  }
})
