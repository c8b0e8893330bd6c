import type { NftField } from '../../backends/nftables/nft-field.ts'
import type { NftMatch } from '../../backends/nftables/ruleset.ts'
import { INVALID, type Tracking } from '../connections/connection.ts'
import { byteIn, wordIn } from '../frame/bytes.ts'
import { ETHER_TYPE, type Frame } from '../frame/frame.ts'
import { findFragmentHeader } from '../frame/ipv6-headers.ts'
import type { Lookup } from './compile-set.ts'
import type { NftPacket } from './nft-packet.ts'
import { testMasked, testValue } from './nft-value-test.ts'
import { readNftField } from './read-nft-field.ts'

/** Whether a packet meets a condition; false too where a field that it does not have ends the rule. */
export type MatchPacket = (packet: NftPacket) => boolean
/** The sets of a table, by name. */
export type Sets = ReadonlyMap<string, (fields: readonly NftField[]) => Lookup>

const OFFSET = 0xfff8
const TCP = 6
const TCP_HEADER = 20
/** Of the transport header that is asked for, so much is looked at. */
const GLANCE = 3

/** A condition, ready to be asked. */
export function compileMatch(match: NftMatch, sets: Sets): MatchPacket {
  switch (match.kind) {
    case 'compare':
      return ask(match.field, testValue(match.field, match.value), match.op === '==')
    case 'masked':
      return ask(match.field, testMasked(match.field, match.mask, match.value), match.op === '==')
    case 'lookup': {
      const lookup = sets.get(match.set)?.(match.fields) ?? (() => undefined)
      return (packet) => {
        const found = lookup(packet)
        return found !== 'unreadable' && (found !== undefined) === (match.op === '==')
      }
    }
    case 'tcp-option':
      return ({ frame }) => hasOption(frame, match.option) === match.present
    case 'fragment':
      return ({ frame }) => fragmentOf(frame) === match.which
    case 'has-transport-header':
      return ({ frame: { ip, bytes } }) => ip?.fragmentOffset === 0 && bytes.length >= ip.transport + GLANCE
    case 'ct-state':
      return (packet) => match.states.includes(trackingOf(packet).state.toLowerCase())
    case 'ct-direction':
      return (packet) => trackingOf(packet).direction === match.direction
    case 'mark': {
      const values = match.values.map((value) => value >>> 0)
      return ({ mark }) => values.includes((mark & match.mask) >>> 0) === (match.op === '==')
    }
    case 'from-bridge':
      return () => true
  }
}

function ask(field: NftField, test: ReturnType<typeof testValue>, isWanted: boolean): MatchPacket {
  const read = readNftField(field)
  return (packet) => {
    const value = read(packet)
    return value !== undefined && test(value) === isWanted
  }
}

/** What nobody has looked for has no connection. */
function trackingOf({ tracking }: NftPacket): Tracking {
  return tracking ?? INVALID
}

function fragmentOf({ protocol, bytes, network }: Frame): 'none' | 'first' | 'later' | undefined {
  if (protocol !== ETHER_TYPE.ipv6) return undefined
  const header = findFragmentHeader(bytes, network)
  if (header === undefined) return 'none'
  return (wordIn(bytes, header.at + 2) & OFFSET) === 0 ? 'first' : 'later'
}

/** Whether a TCP option is there, as nft_exthdr finds it; not where there is no whole TCP header. */
function hasOption({ bytes, ip }: Frame, option: number): boolean {
  if (ip === undefined || ip.protocol !== TCP || ip.fragmentOffset !== 0) return false
  const start = ip.transport
  const length = (byteIn(bytes, start + 12) >> 4) * 4
  if (length < TCP_HEADER || bytes.length < start + length) return false
  for (let at = TCP_HEADER; at < length - 1; ) {
    const kind = byteIn(bytes, start + at)
    const told = byteIn(bytes, start + at + 1)
    const size = kind < 2 || told === 0 ? 1 : told
    if (kind === option) return at + size <= length
    at += size
  }
  return false
}
