import type { Dialect } from '../../dialects/dialect.ts'
import type { Condition } from '../../placement/condition.ts'
import type { Operand } from '../../placement/operand.ts'
import type { PacketField } from '../../protocols/packet-field.ts'
import type { ProtocolName } from '../../protocols/protocol.ts'
import { bpduMatch, stpField } from './bpdu.ts'
import type { IpVersion } from './ip-version.ts'
import { lowerArp } from './lower-arp.ts'
import { lowerCompare } from './lower-compare.ts'
import { icmpRanges, icmpType } from './lower-icmp.ts'
import { type IpSets, lowerIpset } from './lower-ipset.ts'
import { lowerIpv6Protocol } from './lower-ipv6-protocol.ts'
import { lowerState } from './lower-state.ts'
import { tcpFlags } from './lower-tcp.ts'
import type { MarkBits } from './mark-bits.ts'
import { NFT_FIELDS, type NftField } from './nft-field.ts'
import { type Alternatives, allOf, one, type Refusal, refuse } from './pieces.ts'

/** What a condition is read in. */
export type Reading = {
  readonly protocol: ProtocolName | 'none'
  readonly dialect: Dialect
  /** How the states of connections are known: by the bits of the mark, or by the bridge family itself. */
  readonly states: MarkBits | 'bridge'
  /** The sets that rules may look into. */
  readonly ipsets: IpSets
  /** Of a rule of the IP layer. */
  readonly version: IpVersion | undefined
}

/** Protocols whose ports ebtables or a module of iptables looks up; it finds none in a later fragment. */
const SEES_NO_LATER_PORTS: ReadonlySet<Reading['protocol']> = new Set(['ip', 'ipv6', 'sctp', 'sctp-ipv6'])
const NAMES: Readonly<Partial<Record<PacketField, NftField>>> = {
  'l4 protocol': 'meta l4proto',
  sport: 'th sport',
  dport: 'th dport',
  'ip tos': '@nh,8,8',
}

/** One condition in nftables' terms. Operands that are still variables stand in comparisons alone. */
export function lowerCondition(condition: Condition, reading: Reading): Alternatives | Refusal {
  const { protocol, states, dialect, ipsets, version } = reading
  switch (condition.kind) {
    case 'compare':
      if (protocol === 'arp' || protocol === 'rarp') return lowerArp(condition, protocol)
      if (condition.field === 'ip6 protocol') return lowerIpv6Protocol(condition)
      if (condition.field.startsWith('stp ')) return lowerCompare(stpField(condition.field, dialect), condition)
      if (SEES_NO_LATER_PORTS.has(protocol) && /^[sd]port$/.test(condition.field)) return portOfFirst(condition)
      return lowerCompare(fieldOf(condition.field), condition)
    case 'gratuitous':
      return lowerArp(condition, protocol)
    case 'bpdu':
      return one(bpduMatch(dialect))
    case 'tcp-flags':
      return tcpFlags(condition)
    case 'tcp-option': {
      const option = numberOf(condition.option)
      if (option === undefined) return refuse('NWF319', 'the option is no number')
      const asked = { kind: 'tcp-option', option, present: !condition.negated } as const
      // In a later fragment there is no option, and nothing that iptables would match.
      return condition.negated ? one({ kind: 'has-transport-header' }, asked) : one(asked)
    }
    case 'icmp-type':
      return icmpType(condition)
    case 'icmpv6-ranges':
      return icmpRanges(condition)
    case 'state':
      return lowerState(condition, states)
    case 'set':
      return lowerIpset(condition, ipsets, version ?? 'ip')
    case 'limit':
      // Limits are counted in the hooks of IP, where they are lowered.
      return refuse('NWF372', 'a limit of connections at the Ethernet layer')
  }
}

/** A port, and not what stands in its place in a later fragment: nf_tables reads that for short fields. */
function portOfFirst(condition: Extract<Condition, { kind: 'compare' }>): Alternatives | Refusal {
  const lowered = lowerCompare(fieldOf(condition.field), condition)
  return 'kind' in lowered ? lowered : allOf([one({ kind: 'has-transport-header' }), lowered])
}

/** The number of an operand; undefined where it is none, or still a variable. */
function numberOf(operand: Operand): number | undefined {
  return operand.kind === 'literal' && operand.value.kind === 'number' ? operand.value.value : undefined
}

/** The nft field of a packet field. */
function fieldOf(field: PacketField): NftField {
  const known = NAMES[field]
  if (known !== undefined) return known
  if (field in NFT_FIELDS) return field as NftField
  throw new Error(`${field} has no field of nftables`)
}
