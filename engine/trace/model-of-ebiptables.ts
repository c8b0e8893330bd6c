import { type FinalIpChain, finalChains, finalIpChains } from '../backends/ebiptables/final-chains.ts'
import type { EbiptablesRuleset } from '../backends/ebiptables/ruleset.ts'
import type { IpSide, Side } from '../placement/placement.ts'
import { ebtablesChain } from './ebiptables/ebtables-chain.ts'
import { iptablesChain, isStatefulChain } from './ebiptables/iptables-chain.ts'
import { type DeviceLayers, type EthernetChain, type IpChain, modelOfLayers } from './pass-layers.ts'
import type { Places, TraceModel } from './trace.ts'

const versionOf = ({ tool }: FinalIpChain) => (tool === 'iptables' ? 4 : 6)
const goesOn: IpChain = () => ({ verdict: 'accept', by: null })

/**
 * The rulesets of ebtables, iptables and ip6tables as those tools read their arguments. A port device that is not among them lets
 * everything pass. What a guest sends to the host itself meets the same rules as what it sends elsewhere.
 */
export function modelOfEbiptables(rulesets: readonly EbiptablesRuleset[], places: Places): TraceModel {
  const devices = new Map<string, DeviceLayers>()
  const tracked = new Set<4 | 6>()
  for (const ruleset of rulesets) {
    const ipChains = finalIpChains(ruleset)
    devices.set(ruleset.portDevice, { ethernet: ethernetOf(ruleset, places), ip: ipOf(ipChains, places) })
    for (const chain of ipChains) if (isStatefulChain(chain)) tracked.add(versionOf(chain))
  }
  return modelOfLayers({ devices, tracked })
}

function ethernetOf(ruleset: EbiptablesRuleset, places: Places): DeviceLayers['ethernet'] {
  const chains = finalChains(ruleset)
  const ethernet: Partial<Record<Side, EthernetChain>> = {}
  for (const root of chains.filter(({ suffix }) => suffix === 'root')) {
    const ofSide = chains.filter(({ side }) => side === root.side)
    ethernet[root.side] = ebtablesChain(root, ofSide, places)
  }
  return ethernet
}

function ipOf(chains: readonly FinalIpChain[], places: Places): DeviceLayers['ip'] {
  const ip: Partial<Record<4 | 6, Record<Side, IpChain>>> = {}
  for (const version of new Set(chains.map(versionOf))) {
    const chainOf = (side: IpSide) => {
      const chain = chains.find((one) => one.side === side && versionOf(one) === version)
      return chain === undefined ? goesOn : iptablesChain(chain, places)
    }
    ip[version] = { 'from-guest': chainOf('from-guest'), 'to-guest': chainOf('to-guest') }
  }
  return ip
}
