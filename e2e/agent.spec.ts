import { ask } from './support/ask.ts'
import { startInstance } from './support/instance.ts'
import { expect, test } from './support/test.ts'

test('a killed agent is shown silent within 5 s, and heard again by itself', async ({ signedIn: page, instance }) => {
  await page.goto('/nics/vnet1')
  const agent = page.getByRole('navigation').getByRole('status')
  await expect(agent).toHaveText(/Agent connected/)
  await page.getByRole('button', { name: 'Apply to vnet1' }).click()
  await expect(page.getByText('Applied at').filter({ visible: true })).toBeVisible()
  const pid = instance.agentPid()
  expect(pid).toBeDefined()
  process.kill(pid ?? 0, 'SIGKILL')
  await expect(agent).toHaveText(/Agent silent/, { timeout: 5000 })
  await expect(page.getByRole('alert').filter({ hasText: 'Rules on the host keep working' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Apply to vnet1' })).toBeDisabled()
  await expect(agent).toHaveText(/Agent connected/, { timeout: 15_000 })
  expect(instance.agentPid()).not.toBe(pid)
  // The lab outlived the agent, and the new one knows what it applied.
  await expect(page.getByRole('region', { name: 'Kernel now' })).toContainText('Same as last applied')
  await expect(page.getByRole('region', { name: 'Last applied' })).toContainText('Same as desired')
})

test('an agent that hangs is shown silent within 5 s', async ({ signedIn: page, instance }) => {
  await page.goto('/nics')
  const agent = page.getByRole('navigation').getByRole('status')
  await expect(agent).toHaveText(/Agent connected/)
  const pid = instance.agentPid() ?? 0
  process.kill(pid, 'SIGSTOP')
  try {
    await expect(agent).toHaveText(/Agent silent/, { timeout: 5000 })
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  await expect(agent).toHaveText(/Agent connected/, { timeout: 15_000 })
})

test('a console that comes back is heard again by the pages that were open', async ({ signedIn: page, instance }) => {
  await page.goto('/nics/vnet0')
  const status = page.getByRole('navigation').getByRole('status')
  await expect(status).toHaveText(/Agent connected/)
  await page.getByRole('button', { name: 'Apply to vnet0' }).click()
  await expect(page.getByRole('region', { name: 'Kernel now' })).toContainText('Same as last applied')
  // Drift that is healed at once would be gone before the console is back.
  await ask(page, 'host.setHealing', { kind: 'ask' })
  const pid = instance.consolePid()
  expect(pid).toBeDefined()
  process.kill(pid ?? 0, 'SIGKILL')
  await expect.poll(() => [undefined, pid].includes(instance.consolePid()), { timeout: 15_000 }).toBe(false)
  await instance.sluice('lab', 'exec', '--', 'nft', 'flush', 'table', 'bridge', 'sluice')
  // The page was not loaded anew: it hears of the change through the connection it made again.
  await expect(page.getByRole('region', { name: 'Kernel now' })).toContainText('Drifted', { timeout: 15_000 })
  await expect(status).toHaveText(/Agent connected/)
  await ask(page, 'host.setHealing', { kind: 'now' })
  await expect(page.getByRole('region', { name: 'Kernel now' })).toContainText('Same as last applied')
})

test('a flushed firewall shows as drift', async ({ signedIn: page, instance }) => {
  await page.goto('/nics/vnet1')
  await page.getByRole('button', { name: 'Apply to vnet1' }).click()
  await expect(page.getByRole('region', { name: 'Kernel now' })).toContainText('Same as last applied')
  await ask(page, 'host.setHealing', { kind: 'ask' })
  await instance.sluice('lab', 'exec', '--', 'nft', 'flush', 'table', 'bridge', 'sluice')
  await expect(page.getByRole('region', { name: 'Kernel now' })).toContainText('Drifted', { timeout: 5000 })
  await page.getByRole('button', { name: 'Apply to vnet1' }).click()
  await expect(page.getByRole('region', { name: 'Kernel now' })).toContainText('Same as last applied')
  await ask(page, 'host.setHealing', { kind: 'now' })
})

test('without an agent the console starts and says so', async ({ page }) => {
  const instance = await startInstance('--agent', 'none')
  try {
    await page.goto(await instance.link())
    await expect(page.getByRole('link', { name: 'clean-traffic', exact: true })).toBeVisible()
    await page.goto(`${instance.origin}/nics/vnet0`)
    await expect(page.getByRole('navigation').getByRole('status')).toHaveText(/No agent/)
    await expect(page.getByText('No agent reports to this console').filter({ visible: true })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Apply to vnet0' })).toBeDisabled()
  } finally {
    await instance.stop()
  }
})

test('two instances run side by side, and each ends within 5 s without a trace', async ({ instance }) => {
  const other = await startInstance()
  expect(other.origin).not.toBe(instance.origin)
  const asked = await other.sluice('lab', 'exec', '--', 'readlink', '/proc/self/ns/net')
  expect(asked).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^net:\[/) })
  const holder = asked.stdout
  const own = (await instance.sluice('lab', 'exec', '--', 'readlink', '/proc/self/ns/net')).stdout
  expect(holder).not.toBe(own)
  expect(await other.stop('SIGINT')).toBeLessThan(5000)
  expect(other.agentPid()).toBeUndefined()
  const { stdout } = await instance.sluice('lab', 'exec', '--', 'sh', '-c', 'ls -l /proc/[0-9]*/ns/net 2>/dev/null')
  expect(stdout).toContain(own.trim())
  expect(stdout).not.toContain(holder.trim())
})
