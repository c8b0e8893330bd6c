import { setTimeout as sleep } from 'node:timers/promises'
import { test as base, type ExpectStatic } from 'vitest'
import { run } from '../../agent/exec/run.ts'
import { enterHost } from '../../agent/lab/lab.ts'
import type { InstallOutcome } from '../../agent/link/contract.ts'
import { type AgentProcess, agentProcess } from '../support/agent-process.ts'
import { bindingXml, desire, GUEST, NEIGHBOUR } from '../support/lab-host.ts'

/** The shortest window there is. */
const WINDOW_S = 5
const GRACE_MS = 2000
const FIRST = desire('clean-traffic', { IP: GUEST.ip })
const SECOND = desire('clean-traffic', { IP: [GUEST.ip, '192.0.2.110'] })

// Most of the time is waiting: each test has an agent and a lab of its own, and they wait together.
const test = base.extend<{ readonly agent: AgentProcess }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names of what is needed from the pattern
  agent: async ({}, use) => {
    const agent = agentProcess()
    await agent.start()
    await use(agent)
    await agent.stop()
  },
})

test.concurrent('without a confirmation everything is as before, to the byte, and loudly so', async ({
  agent,
  expect,
}) => {
  await agent.client.host.install.mutate(FIRST)
  const before = await kernel(agent)
  const { until } = await openWindow(agent)
  expect(await kernel(agent)).not.toBe(before)
  await waitForBefore({ agent, expect }, before, until)
  const { timeline, windows, portDevices } = await agent.client.host.state.query()
  expect(windows).toEqual([])
  expect(timeline.findLast(({ kind }) => kind === 'rolled-back')).toMatchObject({
    text: expect.stringContaining('nobody confirmed'),
    portDevices: [GUEST.portDevice],
  })
  expect(agent.said()).toMatch(/^sluice agent: error rolled-back nics=vnet0: Rolled back, because nobody/m)
  expect(portDevices.find(({ portDevice }) => portDevice === GUEST.portDevice)?.lastApplied?.bindingXml).not.toContain(
    '192.0.2.110',
  )
})

test.concurrent('a device that had no rules has none again', async ({ agent, expect }) => {
  const before = await kernel(agent)
  expect(before).toBe('')
  const { until } = await openWindow(agent)
  expect(await kernel(agent)).not.toBe('')
  await waitForBefore({ agent, expect }, before, until)
})

test.concurrent('an agent that was killed goes back when it is started again in time', async ({ agent, expect }) => {
  await agent.client.host.install.mutate(FIRST)
  const before = await kernel(agent)
  const { until } = await openWindow(agent)
  await agent.kill()
  await agent.start()
  expect((await agent.client.host.state.query()).windows).toHaveLength(1)
  await waitForBefore({ agent, expect }, before, until)
})

test.concurrent('an agent that is started after the end of the window goes back at once', async ({ agent, expect }) => {
  await agent.client.host.install.mutate(FIRST)
  const before = await kernel(agent)
  const { until } = await openWindow(agent)
  await agent.kill()
  await sleep(Date.parse(until) - Date.now() + 500)
  const started = new Date().toISOString()
  await agent.start()
  await waitForBefore({ agent, expect }, before, started)
})

test.concurrent('without a network of the host it goes back all the same', async ({ agent, expect }) => {
  await agent.client.host.install.mutate(FIRST)
  const before = await kernel(agent)
  const { until } = await openWindow(agent)
  await run(['ip', 'link', 'set', 'br0', 'down'], { enter: enter(agent) })
  await waitForBefore({ agent, expect }, before, until)
})

test.concurrent('a flush in the window is healed, and the window goes back to what was before it', async ({
  agent,
  expect,
}) => {
  await agent.client.host.install.mutate(FIRST)
  const before = sorted(await kernel(agent))
  const { until } = await openWindow(agent)
  const inWindow = sorted(await kernel(agent))
  await run(['nft', 'flush ruleset'], { enter: enter(agent) })
  const now = async () => sorted(await kernel(agent))
  await expect.poll(now).toBe(inWindow)
  await expect.poll(now, { timeout: Date.parse(until) - Date.now() + GRACE_MS }).toBe(before)
})

test.concurrent('a confirmed change stays, also when the agent is killed behind it', async ({ agent, expect }) => {
  await agent.client.host.install.mutate(FIRST)
  const { id, key, until } = await openWindow(agent)
  const after = await kernel(agent)
  expect(await agent.client.host.confirm.mutate({ id, key, by: 'ada' })).toEqual({ ok: true, until: null })
  await agent.kill()
  await agent.start()
  await sleep(Date.parse(until) - Date.now() + GRACE_MS)
  expect(await kernel(agent)).toBe(after)
  expect((await agent.client.host.state.query()).timeline.map(({ kind }) => kind)).toContain('confirmed')
})

test.concurrent('only who asked for the change can confirm it, extend it or take it back', async ({
  agent,
  expect,
}) => {
  await agent.client.host.install.mutate(FIRST)
  const before = await kernel(agent)
  const { id, until, key } = await openWindow(agent)
  for (const call of [agent.client.host.confirm, agent.client.host.rollBack])
    expect(await call.mutate({ id, key: `${key}x` })).toMatchObject({ ok: false, reason: 'foreign' })
  expect(await agent.client.host.extend.mutate({ id, key: '', seconds: 60 })).toMatchObject({
    ok: false,
    reason: 'foreign',
  })
  expect(await agent.client.host.confirm.mutate({ id: 'another', key })).toMatchObject({ ok: false, reason: 'unknown' })
  // The report tells of the window, and not of its key.
  expect(JSON.stringify(await agent.client.host.state.query())).not.toContain(key)
  await waitForBefore({ agent, expect }, before, until)
  expect(await agent.client.host.confirm.mutate({ id, key })).toMatchObject({ ok: false, reason: 'unknown' })
})

test.concurrent('more time is given, and a change is taken back on request', async ({ agent, expect }) => {
  await agent.client.host.install.mutate(FIRST)
  const before = await kernel(agent)
  const { id, key, until } = await openWindow(agent)
  const extended = await agent.client.host.extend.mutate({ id, key, seconds: 30 })
  expect(extended).toEqual({ ok: true, until: new Date(Date.parse(until) + 30_000).toISOString() })
  await sleep(Date.parse(until) - Date.now() + 1000)
  expect(await kernel(agent)).not.toBe(before)
  expect(await agent.client.host.rollBack.mutate({ id, key, by: 'ada' })).toMatchObject({ ok: true })
  expect(await kernel(agent)).toBe(before)
})

test.concurrent('another change of the same device waits, and one of another device is not taken back with it', async ({
  agent,
  expect,
}) => {
  await agent.client.host.install.mutate(FIRST)
  const { until } = await openWindow(agent)
  expect(await agent.client.host.install.mutate(FIRST)).toMatchObject({ ok: false, reason: 'busy' })
  const neighbour = {
    ...FIRST,
    bindings: [
      {
        portDevice: NEIGHBOUR.portDevice,
        xml: bindingXml('clean-traffic', { IP: NEIGHBOUR.ip }, NEIGHBOUR.portDevice),
      },
    ],
  }
  expect(await agent.client.host.install.mutate(neighbour)).toMatchObject({ ok: true })
  await sleep(Date.parse(until) - Date.now() + GRACE_MS)
  const { portDevices } = await agent.client.host.state.query()
  const xmls = portDevices.map(({ lastApplied }) => lastApplied?.bindingXml ?? '')
  expect(xmls.join()).not.toContain('192.0.2.110')
  expect(xmls.join()).toContain(`value='${NEIGHBOUR.ip}'`)
  expect(await kernel(agent)).toContain(`"vnet1" . ${NEIGHBOUR.ip}`)
})

/** Applies the second state with a window. */
async function openWindow(agent: AgentProcess): Promise<{ id: string; key: string; until: string }> {
  const outcome: InstallOutcome = await agent.client.host.install.mutate({
    ...SECOND,
    confirmWithin: WINDOW_S,
    by: 'ada',
  })
  if (!outcome.ok || outcome.window === null) throw new Error(JSON.stringify(outcome))
  return outcome.window
}

async function waitForBefore(
  { agent, expect }: { readonly agent: AgentProcess; readonly expect: ExpectStatic },
  before: string,
  until: string,
): Promise<void> {
  const left = Date.parse(until) - Date.now()
  await expect.poll(() => kernel(agent), { timeout: Math.max(left, 0) + GRACE_MS, interval: 50 }).toBe(before)
}

function enter(agent: AgentProcess): readonly string[] {
  return enterHost(agent.lab())
}

/** Everything of ours in the kernel, but for the marks that count transactions, and what was counted. */
async function kernel(agent: AgentProcess): Promise<string> {
  const { stdout } = await run(['nft', '-s', 'list', 'ruleset'], { enter: enter(agent) })
  return stdout.replaceAll(/\tcounter generation\.\d+ \{[^}]*\}\n\n?/g, '')
}

/** Tables that were made anew list the same in another order. */
function sorted(text: string): string {
  return text
    .split(/[\n,]/)
    .map((line) => line.replaceAll(/elements = |[{}]/g, '').trim())
    .sort()
    .join('\n')
}
