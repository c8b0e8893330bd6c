import type { PacketField } from '../../protocols/packet-field.ts'
import type { Answer, Ask } from '../ask-all.ts'
import { type Counted, countConnections } from '../connections/count-connections.ts'
import { icmpType, ipField, tcpFlags } from '../frame/ip-fields.ts'
import { hasTcpOption, needHeader } from '../frame/transport-header.ts'
import * as values from './read-values.ts'

/** A rule of iptables or ip6tables: what its arguments ask, in order, and its target. */
export type IptablesMatch = {
  readonly asks: readonly Ask[]
  readonly target: string
  /** Whether it asks for the connection of a packet. */
  readonly isStateful: boolean
}
type Tool = 'iptables' | 'ip6tables'
/** An option with its values, negated or not. */
type Option = { readonly name: string; readonly values: readonly string[]; readonly negated: boolean }

const TCP_FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG']
const EVERY_PORT = '0:65535'
const UNKNOWN: Ask = () => 'unknown'

/** Reads the arguments of a rule as iptables-nft does: `!` stands in front of an option. `counter` is what a limit counts by. */
export function readIptablesRule(tool: Tool, args: readonly string[], counter: object): IptablesMatch {
  const options = rewriteOptions(splitOptions(args))
  const target = options.find(({ name }) => name === '-j')?.values[0] ?? ''
  const header = readHeader(options)
  const asks: Ask[] = []
  let isAsked = header === undefined
  for (const option of options) {
    if (!isAsked && isOfModule(option)) {
      asks.push(header ?? UNKNOWN)
      isAsked = true
    }
    const ask = readOption(tool, option, counter)
    if (ask !== undefined) asks.push(ask)
  }
  return { asks, target, isStateful: options.some(({ name }) => /^--(?:ct|connlimit-above)/.test(name)) }
}

function splitOptions(args: readonly string[]): readonly Option[] {
  const options: Option[] = []
  for (let at = 0; at < args.length; ) {
    const negated = args[at] === '!'
    if (negated) at += 1
    const name = args[at] ?? ''
    const count = name === '--tcp-flags' || name === '--match-set' ? 2 : 1
    options.push({ name, values: args.slice(at + 1, at + 1 + count), negated })
    at += 1 + count
  }
  return options
}

/**
 * What iptables-nft 1.8.9 makes of ports and TCP flags, where it is not what they say: every port negated and flags under no mask
 * ask for nothing, and two negated ports are compared as one, so that both have to be met to match no more.
 */
function rewriteOptions(options: readonly Option[]): readonly Option[] {
  const kept = options.filter(({ name, values: given, negated }) => {
    if (name === '--tcp-flags') return given[0] !== 'NONE' || (!negated && given[1] === 'NONE')
    return !(negated && /^--[sd]port$/.test(name) && given[0] === EVERY_PORT)
  })
  const [source, destination] = ['--sport', '--dport'].map((name) => kept.find((option) => option.name === name))
  const isPair = [source, destination].every((port) => port?.negated === true && isOnePort(port.values[0]))
  const isModule = kept.some(
    ({ name, values: given }) => name === '--tcp-option' || (name === '-p' && given[0] === 'sctp'),
  )
  if (!isPair || isModule || source === undefined || destination === undefined) return kept
  const both = { name: '--ports', values: [...source.values, ...destination.values], negated: true }
  return kept.flatMap((option) => (option === source ? [both] : option === destination ? [] : [option]))
}

/** One port but 0. */
function isOnePort(text: string | undefined): boolean {
  const [first, last] = (text ?? '').split(':').map(values.readNumber)
  return first !== undefined && first !== 0 && (last === undefined || last === first)
}

function isOfModule({ name }: Option): boolean {
  return /^--(?:sport|dport|ports|tcp-flags|tcp-option)$/.test(name)
}

/**
 * iptables-nft leaves a match to a module of x_tables where nf_tables cannot say it (TCP options, SCTP), or where it says nothing. A
 * module wants its whole header and drops what is cut off.
 */
function readHeader(options: readonly Option[]): Ask | undefined {
  const protocol = options.find(({ name }) => name === '-p')?.values[0]
  const own = options.filter(isOfModule)
  const saysNothing = own.every(
    ({ values: given, negated }) => !negated && (given.join(' ') === EVERY_PORT || given.join(' ') === 'NONE NONE'),
  )
  if (own.length === 0) return undefined
  if (protocol === 'sctp') return ({ frame }) => needHeader(frame, 12, false)
  const isModule = saysNothing || own.some(({ name }) => name === '--tcp-option')
  if (!isModule) return undefined
  return protocol === 'tcp' ? ({ frame }) => needHeader(frame, 20, true) : ({ frame }) => needHeader(frame, 8, false)
}

/** Options that compare one field; of addresses, `ip` stands for either version. */
const COMPARED: Readonly<Record<string, readonly [field: string, read: values.ReadValue]>> = {
  '--mac-source': ['ether saddr', values.mac],
  '--source': ['ip saddr', values.address],
  '--destination': ['ip daddr', values.address],
  '--src-range': ['ip saddr', values.addressRange],
  '--dst-range': ['ip daddr', values.addressRange],
  '--dscp': ['ip dscp', values.plain],
  '--sport': ['sport', values.range],
  '--dport': ['dport', values.range],
}

function readOption(tool: Tool, { name, values: given, negated }: Option, counter: object): Ask | undefined {
  const [text = '', second = ''] = given
  const compared = COMPARED[name]
  if (compared !== undefined) {
    const field = tool === 'iptables' ? compared[0] : compared[0].replace(/^ip /, 'ip6 ')
    return compare(field as PacketField, compared[1](text), negated)
  }
  switch (name) {
    case '-j':
    case '-m':
    case '--comment':
      return undefined
    case '-p':
      return text === 'all' ? undefined : compare('l4 protocol', values.protocol(text), negated)
    case '--ports':
      return readBothPorts(text, second)
    case '--tcp-flags':
      return readFlags(text, second, negated)
    case '--tcp-option':
      return readTcpOption(text, negated)
    case '--icmp-type':
      return readIcmp(text, negated, 255)
    case '--icmpv6-type':
      return readIcmp(text, negated, undefined)
    case '--ctstate':
      return ({ tracking }) => yes(text.split(',').includes(tracking.state) !== negated)
    case '--ctdir':
      return ({ tracking: { direction } }) => yes(direction === text.toLowerCase())
    case '--connlimit-above':
      return readLimit(text, negated, counter)
    // A set is the host's, and what is in it is not known here.
    default:
      return UNKNOWN
  }
}

function yes(isMet: boolean): Answer {
  return isMet ? 'match' : 'no'
}

function compare(field: PacketField, test: values.Compare | undefined, negated: boolean): Ask {
  const read = ipField(field)
  if (test === undefined) return UNKNOWN
  return ({ frame }) => {
    const value = read(frame)
    return yes(value !== undefined && test(value) !== negated)
  }
}

function readBothPorts(source: string, destination: string): Ask {
  const wanted = [source, destination].map((text) => Number(text.split(':')[0]))
  const [readSource, readDestination] = [ipField('sport'), ipField('dport')]
  return ({ frame }) => {
    const [from, to] = [readSource(frame), readDestination(frame)]
    return yes(from !== undefined && to !== undefined && (from !== wanted[0] || to !== wanted[1]))
  }
}

function readFlags(mask: string, wanted: string, negated: boolean): Ask {
  const bitsOf = (text: string) =>
    text === 'ALL' ? 63 : TCP_FLAGS.reduce((bits, flag, at) => bits | (text.split(',').includes(flag) ? 1 << at : 0), 0)
  const [under, set] = [bitsOf(mask), bitsOf(wanted)]
  return ({ frame }) => {
    const flags = tcpFlags(frame)
    return yes(flags !== undefined && ((flags & under) === set) !== negated)
  }
}

function readTcpOption(text: string, negated: boolean): Ask {
  const number = values.readNumber(text)
  if (number === undefined) return UNKNOWN
  return ({ frame }) => {
    const found = hasTcpOption(frame, number)
    return found === 'drop' ? 'drop' : yes(found !== negated)
  }
}

/** `TYPE`, or `TYPE/CODE`; of ICMP one number stands for every type. */
function readIcmp(text: string, negated: boolean, every: number | undefined): Ask {
  const [type, code] = text.split('/').map(values.readNumber)
  if (type === undefined || (text.includes('/') && code === undefined)) return UNKNOWN
  return ({ frame }) => {
    const header = needHeader(frame, 8, false)
    const message = icmpType(frame)
    if (header !== 'match' || message === undefined) return header
    const isMet = type === every || (message[0] === type && (code === undefined || message[1] === code))
    return yes(isMet !== negated)
  }
}

function readLimit(text: string, negated: boolean, counter: object): Ask {
  const above = values.readNumber(text)
  if (above === undefined) return UNKNOWN
  return ({ frame: { bytes, network }, version, tracking, state }) => {
    const counted: Counted = state.counted.get(counter) ?? new Map()
    state.counted.set(counter, counted)
    const count = countConnections({ bytes, network, version }, tracking, { counted, connections: state.connections })
    if (count === undefined) return 'drop'
    return count === 0 ? 'none-open' : yes(count > above !== negated)
  }
}
