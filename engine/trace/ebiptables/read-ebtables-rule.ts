import type { PacketField } from '../../protocols/packet-field.ts'
import { arpAddresses, ethernetField, icmpv6Type, isBpdu } from '../frame/ethernet-fields.ts'
import type { Frame } from '../frame/frame.ts'
import * as values from './read-values.ts'

/** A rule of ebtables: what its arguments ask of a frame, and where they lead. */
export type EbtablesMatch = {
  readonly asks: readonly ((frame: Frame) => boolean)[]
  readonly target: string
  /** An argument that is none of these here, so that ebtables would refuse the rule. */
  readonly unreadable: string | undefined
}

const compare = (field: PacketField, read: values.ReadValue) => ({ field, read })
/** What each option compares (ebtables(8)). */
const OPTIONS: Readonly<Record<string, { readonly field: PacketField; readonly read: values.ReadValue }>> = {
  '-s': compare('ether saddr', values.mac),
  '-d': compare('ether daddr', values.mac),
  '-p': compare('ether type', values.hexadecimal),
  '--vlan-id': compare('vlan id', values.plain),
  '--vlan-encap': compare('vlan type', values.hexadecimal),
  '--arp-htype': compare('arp htype', values.plain),
  '--arp-ptype': compare('arp ptype', values.hexadecimal),
  '--arp-opcode': compare('arp operation', values.opcode),
  '--arp-ip-src': compare('arp saddr ip', values.address),
  '--arp-ip-dst': compare('arp daddr ip', values.address),
  '--arp-mac-src': compare('arp saddr ether', values.mac),
  '--arp-mac-dst': compare('arp daddr ether', values.mac),
  '--ip-source': compare('ip saddr', values.address),
  '--ip-destination': compare('ip daddr', values.address),
  '--ip-protocol': compare('ip protocol', values.protocol),
  '--ip-tos': compare('ip tos', values.hexadecimal),
  '--ip-source-port': compare('sport', values.range),
  '--ip-destination-port': compare('dport', values.range),
  '--ip6-source': compare('ip6 saddr', values.address),
  '--ip6-destination': compare('ip6 daddr', values.address),
  '--ip6-protocol': compare('ip6 protocol', values.protocol),
  '--ip6-source-port': compare('sport', values.range),
  '--ip6-destination-port': compare('dport', values.range),
  '--stp-type': compare('stp type', values.range),
  '--stp-flags': compare('stp flags', values.range),
  '--stp-root-pri': compare('stp root-priority', values.range),
  '--stp-root-addr': compare('stp root-address', values.mac),
  '--stp-root-cost': compare('stp root-cost', values.range),
  '--stp-sender-prio': compare('stp sender-priority', values.range),
  '--stp-sender-addr': compare('stp sender-address', values.mac),
  '--stp-port': compare('stp port', values.range),
  '--stp-msg-age': compare('stp age', values.range),
  '--stp-max-age': compare('stp max-age', values.range),
  '--stp-hello-time': compare('stp hello-time', values.range),
  '--stp-forward-delay': compare('stp forward-delay', values.range),
}

/** Reads the arguments of a rule as ebtables does: `!` stands behind an option, in front of one without a value. */
export function readEbtablesRule(args: readonly string[]): EbtablesMatch {
  const asks: ((frame: Frame) => boolean)[] = []
  let [target, unreadable]: [string, string | undefined] = ['', undefined]
  for (let at = 0; at < args.length; ) {
    const isNegatedFlag = args[at] === '!'
    const option = args[isNegatedFlag ? at + 1 : at] ?? ''
    if (option === '--arp-gratuitous') {
      asks.push(gratuitous(isNegatedFlag))
      at += isNegatedFlag ? 2 : 1
      continue
    }
    const negated = args[at + 1] === '!'
    const value = args[negated ? at + 2 : at + 1] ?? ''
    at += negated ? 3 : 2
    if (option === '-j') target = value
    else {
      const ask = readOption(option, value, negated)
      if (ask === undefined) unreadable = `${option} ${value}`
      else asks.push(...ask)
    }
  }
  return { asks, target, unreadable }
}

function readOption(option: string, value: string, negated: boolean): ((frame: Frame) => boolean)[] | undefined {
  if (option === '--ip6-icmp-type') return readIcmpv6(value, negated)
  const known = OPTIONS[option]
  const test = known?.read(value)
  if (known === undefined || test === undefined) return undefined
  const read = ethernetField(known.field)
  const ask = (frame: Frame) => {
    const found = read(frame)
    return found !== undefined && test(found) !== negated
  }
  return option.startsWith('--stp-') ? [isBpdu, ask] : [ask]
}

/** `T:T/C:C`. */
function readIcmpv6(text: string, negated: boolean): ((frame: Frame) => boolean)[] | undefined {
  const [types = '', codes = ''] = text.split('/')
  const [type, code] = [values.range(types), values.range(codes)]
  if (type === undefined || code === undefined) return undefined
  return [
    (frame) => {
      const message = icmpv6Type(frame)
      return message !== undefined && (type(message[0]) && code(message[1])) !== negated
    },
  ]
}

function gratuitous(negated: boolean): (frame: Frame) => boolean {
  return (frame) => {
    const addresses = arpAddresses(frame)
    return addresses !== undefined && (addresses[0] === addresses[1]) !== negated
  }
}
