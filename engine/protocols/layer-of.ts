import { protocols } from './all-protocols.ts'

/** Rules of these protocols go to ebtables, those of the others to iptables or ip6tables. Spec 4.6. */
export function isEthernetRule(protocol: string): boolean {
  return (protocols.get(protocol)?.backend.tool ?? 'ebtables') === 'ebtables'
}
