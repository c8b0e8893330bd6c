import type { Dialect } from '../dialects/dialect.ts'
import type { Parameters } from '../nwfilter/filter.ts'
import type { Placement, Side } from '../placement/placement.ts'
import { resolveOperand } from '../placement/resolve-operand.ts'
import { type DeviceLayers, type EthernetChain, modelOfLayers } from './pass-layers.ts'
import { asksForConnections, ipRuleChain } from './rules/ip-rule-chain.ts'
import { ethernetChain, type Reading } from './rules/rule-chains.ts'
import type { Places, TraceModel } from './trace.ts'

/** Where the rules of a port device stand, and the values they name: what `compileBinding` gives. */
export type CompiledRules = {
  readonly placement: Placement
  readonly ruleset: { readonly portDevice: string; readonly parameters: Parameters; readonly dialect: Dialect }
}

const SIDES: readonly Side[] = ['from-guest', 'to-guest']

/**
 * The reference: rules where they stand, with their conditions as placement reads them. A port device that is not among them lets
 * everything pass.
 */
export function modelOfRules(compiled: readonly CompiledRules[], places: Places): TraceModel {
  const devices = new Map<string, DeviceLayers>()
  const tracked = new Set<4 | 6>()
  for (const { placement, ruleset } of compiled) {
    const { portDevice, parameters, dialect } = ruleset
    const reading: Reading = {
      resolve: (operand) => resolveOperand(operand, parameters, dialect),
      portDevice,
      places,
    }
    devices.set(portDevice, layersOf(placement, reading))
    for (const layer of placement.ip) if (asksForConnections(layer)) tracked.add(layer.tool === 'iptables' ? 4 : 6)
  }
  return modelOfLayers({ devices, tracked })
}

function layersOf(placement: Placement, reading: Reading): DeviceLayers {
  const ethernet: Partial<Record<Side, EthernetChain>> = {}
  for (const side of SIDES) {
    const chain = ethernetChain(placement, side, reading)
    if (chain !== undefined) ethernet[side] = chain
  }
  const ip = Object.fromEntries(
    placement.ip.map((layer) => {
      const chains = Object.fromEntries(SIDES.map((side) => [side, ipRuleChain(layer, side, reading)]))
      return [layer.tool === 'iptables' ? 4 : 6, chains]
    }),
  )
  return { ethernet, ip }
}
