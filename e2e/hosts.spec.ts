import type { Locator, Page } from '@playwright/test'
import { agentClient } from '../server/agents/agent-client.ts'
import { ask } from './support/ask.ts'
import type { Instance } from './support/instance.ts'
import { expect, test } from './support/test.ts'
import { violations } from './support/violations.ts'

const OWNER = { name: 'lab-guest-2', uuid: '00000000-0000-4000-8000-000000000012' }
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const strip = (page: Page) => page.getByRole('list', { name: 'Hosts' })
const timeline = (page: Page) => page.getByRole('list', { name: /^What happened/ })
const flush = (instance: Instance) => instance.sluice('lab', 'exec', '--', 'nft', 'flush', 'ruleset')

test.beforeEach(async ({ signedIn: page }) => {
  await page.goto('/hosts')
  await ask(page, 'host.setHealing', { kind: 'now' })
  // Heals of other tests count for nothing from here on.
  await ask(page, 'host.pauseHealing', { minutes: 0, reason: 'a test begins' })
  await ask(page, 'nic.install', { portDevice: 'vnet0' })
  await ask(page, 'nic.install', { portDevice: 'vnet1' })
  await expect(strip(page)).toContainText('In sync')
})

test('what somebody removes is healed, and the timeline says who it was', async ({ signedIn: page, instance }) => {
  await flush(instance)
  const [healed, drift] = [timeline(page).getByRole('listitem').nth(0), timeline(page).getByRole('listitem').nth(1)]
  await expect(healed).toContainText(/Healed after \d+ ms/)
  await expect(drift).toContainText(/nft, process \d+,.*(flushed the whole ruleset|deleted our tables)/)
  await expect(drift.getByRole('link', { name: 'vnet0' })).toBeVisible()
  await expect(page.getByRole('log')).toContainText(/Drift: nft, process.*Healed: Healed after/)
  await expect(strip(page)).toContainText('In sync')
  await expect(region(page, 'Drift')).toHaveCount(0)
  await page.getByLabel('Show').selectOption('Drift')
  await expect(page).toHaveURL(/\?kind=drift$/)
  await expect(timeline(page).getByText('Healed after')).toHaveCount(0)
  await page.goBack()
  await expect(timeline(page).getByText('Healed after').first()).toBeVisible()
})

test('drift stays until somebody heals it where that is the policy', async ({ signedIn: page, instance }) => {
  await page.getByRole('radio', { name: 'When somebody asks' }).check()
  await page.getByRole('button', { name: 'Change policy' }).click()
  await expect(timeline(page)).toContainText('only when somebody asks for it from now on')
  await instance.sluice('lab', 'exec', '--', 'nft', 'insert', 'rule', 'bridge', 'sluice', 'clean-traffic-out', 'accept')
  const drift = region(page, 'Drift')
  await expect(drift).toContainText(/nft, process \d+, put a rule first into clean-traffic-out/)
  await expect(drift.getByRole('region', { name: 'Differences' })).toContainText('New in clean-traffic-out: accept')
  await expect(strip(page)).toContainText('Drifted')
  expect(await violations(page, 'drift')).toEqual([])
  await drift.getByRole('link', { name: 'vnet1' }).click()
  await expect(region(page, 'Kernel now')).toContainText('Drifted')
  await page.getByRole('link', { name: 'See what differs' }).click()
  await region(page, 'Drift').getByRole('button', { name: 'Heal now' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Healed at' })).toBeVisible()
  await expect(region(page, 'Drift')).toHaveCount(0)
  await expect(strip(page)).toContainText('In sync')
})

test('healing is paused for a reason, and resumed', async ({ signedIn: page, instance }) => {
  const healing = region(page, 'Healing')
  await healing.getByRole('button', { name: 'Pause healing 1 h' }).click()
  const dialog = page.getByRole('dialog', { name: 'Pause healing' })
  await dialog.getByRole('button', { name: 'Pause healing' }).click()
  await expect(dialog).toBeVisible()
  expect(await violations(page, 'dialog')).toEqual([])
  await dialog.getByLabel('Reason').fill('the other firewall is moved')
  await dialog.getByRole('button', { name: 'Pause healing' }).click()
  await expect(healing).toContainText(/Paused until .* UTC\. the other firewall is moved/)
  await expect(healing.getByRole('button', { name: 'Resume healing' })).toBeFocused()
  await flush(instance)
  await expect(region(page, 'Drift')).toContainText('the other firewall is moved')
  await healing.getByRole('button', { name: 'Resume healing' }).click()
  await expect(region(page, 'Drift')).toHaveCount(0)
  await expect(healing).toContainText('Not paused')
  await expect(strip(page)).toContainText('In sync')
})

test('something that undoes each heal stops healing, and the page says so', async ({ signedIn: page, instance }) => {
  const isThere = async () =>
    (await instance.sluice('lab', 'exec', '--', 'nft', 'list', 'table', 'bridge', 'sluice')).status
  for (let round = 0; round < 3; round += 1) {
    await flush(instance)
    await expect.poll(isThere).toBe(0)
    await expect(timeline(page).getByRole('listitem').first()).toContainText('Healed after')
  }
  await flush(instance)
  const alert = page.getByRole('alert').filter({ hasText: 'something fights with us' })
  await expect(alert).toBeVisible()
  await expect(strip(page)).toContainText('Healing stopped')
  await expect(timeline(page).getByRole('listitem').first()).toContainText('Alarm')
  expect(await violations(page, 'stopped')).toEqual([])
  await page.getByRole('button', { name: 'Heal now' }).click()
  await expect(strip(page)).toContainText('In sync')
  await expect(alert).toHaveCount(0)
})

test('rules of others are shown, and stay', async ({ signedIn: page, instance }) => {
  const script = `add table bridge mine
    add chain bridge mine early { type filter hook prerouting priority -400; policy accept; }
    add rule bridge mine early ether type 0x88cc drop`
  await instance.sluice('lab', 'exec', '--', 'nft', script)
  const foreign = region(page, 'table bridge mine, chain early')
  await expect(foreign).toContainText('ahead of ours', { timeout: 20_000 })
  await expect(foreign).toContainText('hook prerouting, priority -400, policy accept')
  await expect(foreign).toContainText('drop')
  expect(await violations(page, 'rules of others')).toEqual([])
  await ask(page, 'host.heal')
  const { stdout } = await instance.sluice('lab', 'exec', '--', 'nft', 'list', 'table', 'bridge', 'mine')
  expect(stdout).toContain('drop')
  await instance.sluice('lab', 'exec', '--', 'nft', 'delete', 'table', 'bridge', 'mine')
})

test('the host is checked when somebody asks', async ({ signedIn: page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const preflight = region(page, 'Preflight')
  await preflight.getByRole('button', { name: 'Check this host' }).click()
  await preflight.getByText('What is as it should be').click()
  await expect(preflight).toContainText('nf_tables bridge family')
  await expect(preflight).toContainText('vnet0: port of a bridge')
  expect(await violations(page, 'preflight')).toEqual([])
  const remedy = preflight.locator('.remedy').first()
  if ((await remedy.count()) === 0) return
  await remedy.getByRole('button', { name: /^Copy/ }).click()
  await expect(remedy.getByRole('status')).toHaveText('Copied')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await remedy.locator('code').textContent())
})

test('a binding that cannot be compiled is told of, and what the NIC has instead', async ({ signedIn: page }) => {
  const xml = `<filter name='needs-more'><rule action='drop' direction='in'><ip srcipaddr='$MORE'/></rule></filter>`
  await ask(page, 'filter.define', { name: 'needs-more', xml, expected: null })
  const binding = { portDevice: 'vnet2', owner: OWNER, mac: '52:54:00:00:00:12', filter: 'needs-more', parameters: [] }
  await ask(page, 'binding.save', { ...binding, expected: null })
  await ask(page, 'nic.install', { portDevice: 'vnet2' })
  await expect(timeline(page).getByRole('listitem').first()).toContainText('cannot be compiled')
  await page.goto('/nics')
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'vnet2' }) })
  await expect(row).toContainText('Broken')
  await row.getByRole('link', { name: 'vnet2' }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'cannot be compiled' })
  await expect(alert).toContainText('It has no rules, so everything passes')
  await expect(alert).toContainText('$MORE has no value')
  expect(await violations(page, 'broken')).toEqual([])
  await ask(page, 'binding.delete', { portDevice: 'vnet2' })
  await page.reload()
  await page.getByRole('button', { name: 'Remove rules from vnet2' }).click()
  await expect(alert).toHaveCount(0)
})

test('a change that waits is shown without a key to it', async ({ signedIn: page, instance }) => {
  const agent = agentClient(`${instance.data}/agent.sock`)
  const { portDevices } = await agent.host.state.query()
  const applied = portDevices.find(({ portDevice }) => portDevice === 'vnet1')?.lastApplied
  const outcome = await agent.host.install.mutate({
    filters: [...(applied?.filters ?? [])],
    bindings: [{ portDevice: 'vnet1', xml: applied?.bindingXml ?? '' }],
    clear: [],
    confirmWithin: 60,
    by: 'maria',
  })
  expect(outcome).toMatchObject({ ok: true, window: { id: expect.any(String) } })
  const waiting = region(page, 'Waiting for confirmation')
  await expect(waiting).toContainText(/ends in \d+ s/)
  await expect(waiting).toContainText('vnet1 by maria')
  await expect(waiting.getByRole('button')).toHaveCount(0)
  await expect(strip(page)).toContainText('Awaiting confirmation')
  expect(await violations(page, 'waiting')).toEqual([])
  if (outcome.ok && outcome.window !== null) await agent.host.rollBack.mutate({ ...keyOf(outcome.window), by: 'maria' })
  await expect(page.getByRole('alert').filter({ hasText: 'Rolled back, because maria asked for it' })).toBeAttached()
  await expect(waiting).toContainText('No change waits')
})

test('a silent agent leaves what was known last, and nothing to press', async ({ signedIn: page, instance }) => {
  const pid = instance.agentPid() ?? 0
  process.kill(pid, 'SIGSTOP')
  try {
    await expect(strip(page)).toContainText('Silent', { timeout: 6000 })
    await expect(page.getByRole('alert').filter({ hasText: 'Rules on the host keep working' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Check this host' })).toBeDisabled()
    await expect(page.getByRole('button', { name: 'Pause healing 1 h' })).toBeDisabled()
    await expect(page.getByRole('radio', { name: 'At once' })).toBeDisabled()
    await expect(timeline(page)).toContainText('Applied')
    expect(await violations(page, 'silent')).toEqual([])
    const refused = await page.evaluate(async () => {
      const headers = { 'content-type': 'application/json' }
      return (await fetch('/api/trpc/host.heal', { method: 'POST', headers })).status
    })
    expect(refused).toBe(412)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  await expect(strip(page)).toContainText('In sync', { timeout: 15_000 })
})

test('everything is done with the keyboard alone', async ({ signedIn: page, instance }) => {
  await page.goto('/nics')
  await page.keyboard.press('g')
  await page.keyboard.press('h')
  await expect(page).toHaveURL(/\/hosts$/)
  await tabTo(page, page.getByRole('radio', { name: 'At once' }))
  await page.keyboard.press('ArrowDown')
  await tabTo(page, page.getByLabel('Seconds until drift is healed'))
  await page.keyboard.press('Control+a')
  await page.keyboard.type('600')
  await page.keyboard.press('Enter')
  await expect(timeline(page).getByRole('listitem').first()).toContainText('after 600 s from now on')
  await flush(instance)
  await expect(region(page, 'Drift')).toContainText(/It is healed in \d+ s/)
  await page.getByRole('heading', { level: 1 }).click()
  await tabTo(page, page.getByRole('button', { name: 'Heal now' }))
  await page.keyboard.press('Enter')
  await expect(region(page, 'Drift')).toHaveCount(0)
  await expect(page.getByRole('main')).toBeFocused()
})

function keyOf({ id, key }: { id: string; key: string }) {
  return { id, key }
}

async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  await expect(target).toBeFocused()
}
