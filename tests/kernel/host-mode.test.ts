import { readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../agent/exec/run.ts'
import { startDetached } from '../../agent/exec/start-detached.ts'
import { type AgentProcess, agentProcess } from '../support/agent-process.ts'
import { desire, GUEST } from '../support/lab-host.ts'

/** CAP_NET_ADMIN and CAP_NET_RAW. capabilities(7). */
const NET_ONLY = '0000000000003000'

const missing = process.getuid?.() === 0 ? undefined : 'only root can run it in a namespace of its own'
if (missing !== undefined) console.log(`skipped: the agent of a host, because ${missing}`)

let agent: AgentProcess
/** The namespace outlives the agent: this process holds it. */
let holder: Awaited<ReturnType<typeof hold>>
beforeAll(async () => {
  if (missing !== undefined) return
  holder = await hold()
  const script =
    'link add br0 type bridge\nlink set br0 up\nlink add vnet0 type veth peer name guest0\nlink set vnet0 master br0 up\n'
  expect(await run(['ip', '-batch', '-'], { enter: holder.enter, input: script })).toMatchObject({ status: 0 })
  agent = agentProcess({ mode: 'host', as: holder.enter })
  await agent.start()
})
afterAll(async () => {
  if (missing !== undefined) return
  await agent.stop()
  holder.end()
})

test.skipIf(missing !== undefined)('it has no powers but those over the network, and can get no others', () => {
  const status = readFileSync(`/proc/${agent.pid()}/status`, 'utf8')
  for (const set of ['CapPrm', 'CapEff', 'CapBnd']) expect(status).toMatch(new RegExp(`^${set}:\\s*${NET_ONLY}$`, 'm'))
  expect(status).toMatch(/^NoNewPrivs:\s*1$/m)
})

test.skipIf(missing !== undefined)('it sees the NICs of bridges, and touches nothing before it is asked', async () => {
  const { mode, portDevices } = await agent.client.host.state.query()
  expect({ mode, names: portDevices.map(({ portDevice }) => portDevice) }).toEqual({ mode: 'host', names: ['vnet0'] })
  expect(await ruleset()).toBe('')
})

test.skipIf(missing !== undefined)('its rules stay when it ends', async () => {
  await run(['nft', 'add table bridge other'], { enter: holder.enter })
  expect(await agent.client.host.install.mutate(desire('clean-traffic', { IP: GUEST.ip }))).toMatchObject({ ok: true })
  const rules = await ruleset()
  expect(rules).toContain('clean-traffic-out')
  await agent.kill()
  expect(await ruleset()).toBe(rules)
  await agent.start()
  expect((await agent.client.host.state.query()).portDevices[0]).toMatchObject({ drift: 'in-sync' })
  expect(await ruleset()).toBe(rules)
  await expect(agent.client.lab.exec.mutate({ in: 'host', command: ['true'] })).rejects.toThrow('runs no lab')
})

async function ruleset(): Promise<string> {
  return (await run(['nft', '-s', 'list', 'ruleset'], { enter: holder.enter })).stdout
}

/** A namespace of its own, as a host has one. */
async function hold() {
  const pid = await startDetached(['unshare', '--net', 'sleep', 'infinity'])
  if (pid === undefined) throw new Error('unshare cannot be started')
  const namespaceOf = (process: string) => readlinkSync(`/proc/${process}/ns/net`)
  for (let tries = 0; tries < 200 && namespaceOf(`${pid}`) === namespaceOf('self'); tries += 1) await sleep(10)
  return { enter: ['nsenter', `--target=${pid}`, '--net', '--'], end: () => process.kill(pid, 'SIGKILL') }
}
