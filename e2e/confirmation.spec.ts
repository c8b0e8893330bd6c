import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { agentClient } from '../server/agents/agent-client.ts'
import { desire, GUEST } from '../tests/support/lab-host.ts'
import { startInstance } from './support/instance.ts'
import { expect, test } from './support/test.ts'

const WINDOW_S = 5
const GRACE_MS = 2000

test('a change that nobody confirms goes back with browser and console dead', async ({ browser }) => {
  const instance = await startInstance()
  const agent = agentClient(join(instance.data, 'agent.sock'))
  const addresses = async () => {
    const { portDevices } = await agent.host.state.query()
    const guest = portDevices.find(({ portDevice }) => portDevice === GUEST.portDevice)
    return guest?.elements.filter((element) => element.startsWith('IP-ipv4 ')).length
  }
  try {
    const page = await browser.newPage()
    await page.goto(await instance.link())
    await page.waitForURL('**/filters')
    await agent.host.install.mutate(desire('clean-traffic', { IP: GUEST.ip }))
    expect(await addresses()).toBe(1)
    const change = desire('clean-traffic', { IP: [GUEST.ip, '192.0.2.110'] })
    const outcome = await agent.host.install.mutate({ ...change, confirmWithin: WINDOW_S, by: 'ada' })
    if (!outcome.ok || outcome.window === null) throw new Error(JSON.stringify(outcome))
    expect(await addresses()).toBe(2)
    await page.goto(`${instance.origin}/hosts`)
    await expect(page.getByRole('region', { name: 'Waiting for confirmation' })).toContainText('ada')
    await page.close()
    const pid = instance.consolePid()
    expect(pid).toBeDefined()
    process.kill(pid ?? 0, 'SIGKILL')
    await sleep(Date.parse(outcome.window.until) - Date.now())
    await expect.poll(addresses, { timeout: GRACE_MS }).toBe(1)
    // Whoever looks next is told.
    const next = await browser.newPage()
    await expect
      .poll(async () => (await fetch(instance.origin).catch(() => undefined))?.status, { timeout: 20_000 })
      .toBeDefined()
    await next.goto(await instance.link())
    await next.waitForURL('**/filters')
    await next.goto(`${instance.origin}/hosts`)
    await expect(next.getByText(/Rolled back, because nobody confirmed/).filter({ visible: true })).toBeVisible()
  } finally {
    await instance.stop()
  }
})
