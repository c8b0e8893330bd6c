import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import type { Domain } from '../nwfilter/domain.ts'
import type { Network } from './network.ts'

/** Interfaces with a filter whose network hands its guests a device that passes no bridge of the host. Spec 8.5, 10.1. */
export function checkInterfaces(domain: Domain, networks: ReadonlyMap<string, Network>): readonly Diagnostic[] {
  return domain.interfaces.flatMap(({ network }) => {
    const known = network === undefined ? undefined : networks.get(network.name)
    if (network === undefined || known === undefined) return []
    const { forward, bridge } = known
    const isDirect =
      ['private', 'vepa', 'passthrough', 'hostdev'].includes(forward) || (forward === 'bridge' && bridge === undefined)
    if (!isDirect) return []
    const message = `filterref is not supported here: the network ${known.name} (forward mode ${forward}) gives its guests a device outside of any bridge.`
    return [report('NWF141', domain.source, network.span, message)]
  })
}
