import type { DesiredStateInput } from '../../agent/link/contract.ts'
import type { AgentProcess } from './agent-process.ts'
import type { Flow } from './flow.ts'
import { bindingXml, desire, GUEST, NEIGHBOUR } from './lab-host.ts'
import type { Random } from './random.ts'

/** A NIC that comes and goes. */
export type SoakNic = { readonly portDevice: string; readonly mac: string; readonly ip: string }

/** An agent for a long time, what is desired of it, and what is plugged in. */
export type SoakSite = {
  readonly agent: AgentProcess
  readonly flow: Flow
  readonly random: Random
  readonly enter: readonly string[]
  /** The bindings that stand, by port device. */
  readonly desired: Map<string, string>
  readonly plugged: Set<SoakNic>
}

export const SOAK_NICS: readonly SoakNic[] = Array.from({ length: 6 }, (_, at) => ({
  portDevice: `vnet${200 + at}`,
  mac: `52:54:00:02:00:0${at}`,
  ip: `192.0.32.${at}`,
}))
/** Filters that the first guest has in turn; the second looks at the states of connections. */
const FILTERS = {
  quiet: `<filter name='quiet'><filterref filter='clean-traffic'/></filter>`,
  web: `<filter name='web'>
  <filterref filter='clean-traffic'/>
  <rule action='accept' direction='out'><tcp state='NEW,ESTABLISHED'/></rule>
  <rule action='drop' direction='in'><tcp dstportstart='22'/></rule>
</filter>`,
}
const { filters } = desire('quiet', {}, FILTERS)

export const NEIGHBOUR_XML = bindingXml('clean-traffic', { IP: NEIGHBOUR.ip }, NEIGHBOUR.portDevice)

/** A binding of the first guest. In each of them it may send from its own address. */
export function anyBinding(random: Random): string {
  const more = Array.from({ length: random.below(4) }, () => `192.0.2.${100 + random.below(100)}`)
  return bindingXml(random.pick(['clean-traffic', 'quiet', 'web']), { IP: [GUEST.ip, ...new Set(more)] })
}

export function nicXml({ portDevice, mac, ip }: SoakNic): string {
  return bindingXml('clean-traffic', { IP: ip }, portDevice, mac)
}

/** Asks for these bindings, or for none where there is no text. */
export function inputOf(changes: Readonly<Record<string, string | undefined>>): DesiredStateInput {
  const entries = Object.entries(changes)
  return {
    filters,
    bindings: entries.flatMap(([portDevice, xml]) => (xml === undefined ? [] : [{ portDevice, xml }])),
    clear: entries.flatMap(([portDevice, xml]) => (xml === undefined ? [portDevice] : [])),
  }
}

/** Changes what is desired, and asks the agent for it. The window, where one was asked for. */
export async function install(
  { agent, desired }: SoakSite,
  changes: Readonly<Record<string, string | undefined>>,
  confirmWithin?: number,
) {
  const within = confirmWithin === undefined ? {} : { confirmWithin }
  const outcome = await agent.client.host.install.mutate({ ...inputOf(changes), ...within })
  if (!outcome.ok) throw new Error(`refused: ${outcome.message} ${outcome.raw}`)
  if (outcome.window === null) remember(desired, changes)
  return outcome.window
}

/** What is desired from now on. */
export function remember(desired: Map<string, string>, changes: Readonly<Record<string, string | undefined>>): void {
  for (const [portDevice, xml] of Object.entries(changes)) {
    if (xml === undefined) desired.delete(portDevice)
    else desired.set(portDevice, xml)
  }
}
