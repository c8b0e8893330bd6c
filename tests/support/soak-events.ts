import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../../agent/exec/run.ts'
import { flowFrames } from './flow-frames.ts'
import { GUEST } from './lab-host.ts'
import { GUESTS, makeNic, plugIn, unplug } from './plug-nic.ts'
import { anyBinding, install, nicXml, remember, SOAK_NICS, type SoakSite } from './soak-site.ts'

/**
 * Something that happens on a host. `opens`: somebody else takes rules away, and until they are healed forbidden frames may pass.
 * `restarts`: the agent is another process behind it.
 */
export type SoakEvent = {
  readonly name: string
  readonly weight: number
  readonly opens?: boolean
  readonly restarts?: boolean
  readonly happen: (site: SoakSite) => Promise<void>
}

const WINDOW_S = 5
const SWITCHES = ['bridge-nf-call-iptables', 'bridge-nf-call-ip6tables']

export const SOAK_EVENTS: readonly SoakEvent[] = [
  {
    name: 'define',
    weight: 6,
    happen: async (site) => void (await install(site, { [GUEST.portDevice]: anyBinding(site.random) })),
  },
  {
    name: 'confirm',
    weight: 3,
    happen: async (site) => {
      const changes = { [GUEST.portDevice]: anyBinding(site.random) }
      const { id = '', key = '' } = (await install(site, changes, WINDOW_S)) ?? {}
      must(await site.agent.client.host.confirm.mutate({ id, key }))
      remember(site.desired, changes)
    },
  },
  {
    name: 'roll back',
    weight: 2,
    happen: async (site) => {
      const window = await install(site, { [GUEST.portDevice]: anyBinding(site.random) }, WINDOW_S)
      const { id = '', key = '' } = window ?? {}
      must(await site.agent.client.host.rollBack.mutate({ id, key }))
    },
  },
  {
    name: 'let a window end',
    weight: 0.5,
    happen: async (site) => {
      await install(site, { [GUEST.portDevice]: anyBinding(site.random) }, WINDOW_S)
      for (let tries = 0; tries < 100; tries += 1) {
        await sleep(100)
        if ((await site.agent.client.host.state.query()).windows.length === 0) return
      }
      throw new Error('a window does not end')
    },
  },
  {
    name: 'bind a NIC',
    weight: 3,
    happen: async (site) => {
      const nic = site.random.pick(SOAK_NICS)
      await install(site, { [nic.portDevice]: nicXml(nic) })
    },
  },
  {
    name: 'unbind a NIC that is not there',
    weight: 2,
    happen: async (site) => {
      const nic = SOAK_NICS.find((one) => site.desired.has(one.portDevice) && !site.plugged.has(one))
      if (nic !== undefined) await install(site, { [nic.portDevice]: undefined })
    },
  },
  { name: 'plug a NIC in', weight: 4, happen: plugSome },
  {
    name: 'unplug a NIC',
    weight: 3,
    happen: async (site) => {
      const [nic] = site.plugged
      if (nic === undefined) return
      site.plugged.delete(nic)
      await site.flow.stop(nic.portDevice)
      await unplug(site.agent.lab(), nic.portDevice)
    },
  },
  { name: 'flush', weight: 2, opens: true, happen: (site) => byHand(site, ['nft', 'flush', 'ruleset']) },
  { name: 'delete a rule', weight: 3, opens: true, happen: deleteRule },
  {
    name: 'add an element',
    weight: 2,
    happen: (site) => {
      const element = `{ "${GUEST.portDevice}" . 192.0.2.77 }`
      return byHand(site, ['nft', 'add', 'element', 'bridge', 'sluice', 'IP-ipv4', element])
    },
  },
  {
    name: 'rules of somebody else',
    weight: 1,
    happen: (site) => byHand(site, ['nft', site.random.chance(0.5) ? 'add' : 'destroy', 'table', 'bridge', 'other']),
  },
  {
    name: 'switch br_netfilter off',
    weight: 1,
    happen: async (site) => {
      await readyToHeal(site)
      const file = `/proc/sys/net/bridge/${site.random.pick(SWITCHES)}`
      await run(['tee', file], { enter: site.enter, input: '0\n' })
    },
  },
  {
    name: 'kill the agent',
    weight: 1,
    restarts: true,
    happen: async ({ agent, random }) => {
      await agent.kill()
      await sleep(random.below(500))
      await agent.start()
    },
  },
  {
    name: 'flush while the agent is dead',
    weight: 0.5,
    opens: true,
    restarts: true,
    happen: async (site) => {
      await readyToHeal(site)
      await site.agent.kill()
      await run(['nft', 'flush', 'ruleset'], { enter: site.enter })
      await site.agent.start()
    },
  },
]

async function plugSome(site: SoakSite): Promise<void> {
  const nic = SOAK_NICS.find((one) => site.desired.has(one.portDevice) && !site.plugged.has(one))
  if (nic === undefined) return
  const { portDevice } = nic
  await makeNic(site.agent.lab(), portDevice)
  await site.flow.open({ name: portDevice, namespace: GUESTS, device: portDevice, listens: false })
  await site.flow.send(flowFrames(nic))
  await plugIn(site.agent.lab(), portDevice)
  site.plugged.add(nic)
}

async function deleteRule(site: SoakSite): Promise<void> {
  const { stdout } = await run(['nft', '-a', 'list', 'table', 'bridge', 'sluice'], { enter: site.enter })
  const rules: string[][] = []
  let chain = ''
  for (const line of stdout.split('\n')) {
    chain = /^\tchain (\S+) \{/.exec(line)?.[1] ?? (line.startsWith('\t\t') ? chain : '')
    const [, handle] = /# handle (\d+)$/.exec(line) ?? []
    if (chain !== '' && handle !== undefined && line.startsWith('\t\t')) rules.push([chain, 'handle', handle])
  }
  // Somebody flushed them a moment ago.
  if (rules.length === 0) return
  await byHand(site, ['nft', 'delete', 'rule', 'bridge', 'sluice', ...site.random.pick(rules)])
}

/** What somebody does who does not ask the agent. What it is about may be gone at that moment. */
async function byHand(site: SoakSite, command: readonly string[]): Promise<void> {
  await readyToHeal(site)
  await run(command, { enter: site.enter })
}

/** Each event stands for itself: what was healed before is no fight. */
async function readyToHeal({ agent }: SoakSite): Promise<void> {
  await agent.client.host.pauseHealing.mutate({ minutes: 0, reason: 'another event' })
}

function must(outcome: { readonly ok: boolean }): void {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome))
}
