import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { agentProcess } from '../support/agent-process.ts'
import { out, STRANGER } from '../support/frames-of-guest.ts'
import { desire, GUEST } from '../support/lab-host.ts'

const ROUNDS = 12
/** An apply takes some tens of milliseconds; the kill falls anywhere into it. */
const LATEST_KILL_MS = 60

test('an agent killed while it applies leaves the old rules or the new ones, and its successor knows which', async () => {
  const agent = agentProcess()
  await agent.start()
  try {
    const states = [
      desire('clean-traffic', { IP: GUEST.ip }),
      desire('clean-traffic', { IP: [GUEST.ip, '192.0.2.110'] }),
    ]
    const seen: string[] = []
    for (const state of states) {
      await agent.client.host.install.mutate(state)
      seen.push(await kernelOfGuest())
    }
    expect(seen[0]).not.toBe(seen[1])
    const outcomes = new Set<string>()
    for (let round = 0; round < ROUNDS; round += 1) {
      const applying = agent.client.host.install
        .mutate(states[round % 2] ?? desire('clean-traffic'))
        .catch(() => undefined)
      await sleep((round * LATEST_KILL_MS) / ROUNDS)
      await agent.kill()
      await applying
      await agent.start()
      const text = await kernelOfGuest()
      expect(seen).toContain(text)
      outcomes.add(seen.indexOf(text) === round % 2 ? 'new' : 'old')
      const guest = await guestState()
      expect(guest?.drift).toBe('in-sync')
      // The report names the parameters that the kernel really has.
      expect(guest?.lastApplied?.bindingXml.includes('192.0.2.110')).toBe(text === seen[1])
      const { hex, from } = out.arp({ senderIp: STRANGER.ip })
      expect(await agent.client.lab.send.mutate({ from, hex })).toEqual({ arrived: [] })
    }
    // Both ends were met, so the kills did fall before and after the switch.
    expect([...outcomes].sort()).toEqual(['new', 'old'])
  } finally {
    expect(await agent.stop()).toBe(0)
  }

  async function guestState() {
    const { portDevices } = await agent.client.host.state.query()
    return portDevices.find(({ portDevice }) => portDevice === GUEST.portDevice)
  }
  async function kernelOfGuest(): Promise<string> {
    const { kernel = [], elements = [] } = (await guestState()) ?? {}
    const rules = kernel.flatMap(({ name, rules }) => [name, ...rules.map(({ text }) => text)])
    return [...elements.toSorted(), ...rules].join('\n')
  }
})
