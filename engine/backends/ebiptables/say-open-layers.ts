import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { report } from '../../diagnostics/report.ts'
import type { Binding } from '../../nwfilter/binding.ts'
import type { RulesetShape } from './ruleset.ts'

/** A filter with IP-layer rules alone leaves every other protocol open. Spec 4.6, 13.1.20. */
export function sayOpenLayers({ ethernet, ip }: RulesetShape, binding: Binding): readonly Diagnostic[] {
  if (ethernet.length > 0 || ip.length === 0) return []
  const open = ip.length > 1 ? 'ARP' : ip[0]?.tool === 'iptables' ? 'IPv6, ARP' : 'IPv4, ARP'
  const message = `${binding.filter} has rules of the IP layer only: on ${binding.portDevice} ${open} and every other ethertype pass.`
  return [report('NWF343', binding.source, binding.filterSpan, message)]
}
