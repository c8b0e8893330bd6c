import type { Condition } from '../../placement/condition.ts'
import type { AttributeValue } from '../../protocols/attribute-value.ts'
import type { Ask } from '../ask-all.ts'
import { type Counted, countConnections } from '../connections/count-connections.ts'
import { icmpType, ipField, tcpFlags } from '../frame/ip-fields.ts'
import { hasTcpOption, needHeader } from '../frame/transport-header.ts'
import type { HostState } from '../pass-layers.ts'
import { compileTest, numberOf, type Resolve } from './compile-test.ts'

const FLAGS: Readonly<Record<string, number>> = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32, ALL: 63, NONE: 0 }
const ICMP_HEADER = 8
const ANY_TYPE = 255
const UNKNOWN: Ask = () => 'unknown'

/** The conditions of a rule of the IP layer, in order. `counter` is what its limit counts by. */
export function compileIpConditions(
  conditions: readonly Condition[],
  resolve: Resolve,
  counter: object,
): readonly Ask[] {
  const asks = conditions.map((condition) => compileCondition(condition, resolve, counter))
  // What xt_tcp or xt_sctp looks at before any port stands where the first of its conditions does.
  const header = headerOf(conditions, resolve)
  const at = conditions.findIndex(isOfTransport)
  return header === undefined || at === -1 ? asks : asks.toSpliced(at, 0, header)
}

function isOfTransport(condition: Condition): boolean {
  if (condition.kind === 'compare') return condition.field === 'sport' || condition.field === 'dport'
  return condition.kind === 'tcp-flags' || condition.kind === 'tcp-option'
}

/**
 * iptables writes ports and TCP flags as comparisons of nf_tables, for which a header that is cut off matches nothing. The modules
 * of x_tables, which drop it, take part where a TCP option is asked for, of SCTP ports, and where every port will do.
 */
function headerOf(conditions: readonly Condition[], resolve: Resolve): Ask | undefined {
  const protocol = conditions.map((condition) => protocolOf(condition, resolve)).find((one) => one !== undefined)
  const own = conditions.filter(isOfTransport)
  const isVague = own.every((condition) => isAnything(condition, resolve))
  const [length, isTcp] = protocol === 6 ? [20, true] : [protocol === 17 ? 8 : 12, false]
  const isModule = protocol === 132 || isVague || own.some(({ kind }) => kind === 'tcp-option')
  return isModule ? ({ frame }) => needHeader(frame, length, isTcp) : undefined
}

function protocolOf(condition: Condition, resolve: Resolve): number | undefined {
  if (condition.kind !== 'compare' || condition.field !== 'l4 protocol' || condition.test.kind !== 'equal')
    return undefined
  return Number(numberOf(resolve(condition.test.value)))
}

function isAnything(condition: Condition, resolve: Resolve): boolean {
  if (condition.kind === 'tcp-flags')
    return condition.mask === 'NONE' && condition.flags === 'NONE' && !condition.negated
  if (condition.kind !== 'compare' || condition.negated || condition.test.kind !== 'range') return false
  const { first, last } = condition.test
  return numberOf(resolve(first)) === 0 && numberOf(resolve(last)) === 0xffff
}

function compileCondition(condition: Condition, resolve: Resolve, counter: object): Ask {
  switch (condition.kind) {
    case 'compare':
      return compileCompare(condition, resolve)
    case 'tcp-flags': {
      const [mask, wanted] = [flagBits(condition.mask), flagBits(condition.flags)]
      return ({ frame }) => {
        const flags = tcpFlags(frame)
        return flags !== undefined && ((flags & mask) === wanted) !== condition.negated ? 'match' : 'no'
      }
    }
    case 'tcp-option': {
      const option = numberOf(resolve(condition.option))
      if (option === undefined) return UNKNOWN
      return ({ frame }) => {
        const found = hasTcpOption(frame, Number(option))
        return found === 'drop' ? 'drop' : found !== condition.negated ? 'match' : 'no'
      }
    }
    case 'icmp-type':
      return compileIcmp(condition, resolve)
    case 'state':
      return ({ tracking: { state, direction } }) =>
        condition.states.includes(state) &&
        (condition.direction === undefined || direction === condition.direction.toLowerCase())
          ? 'match'
          : 'no'
    case 'limit':
      return compileLimit(resolve(condition.above), condition.negated, counter)
    // Nobody here knows what is in a set of the host.
    default:
      return UNKNOWN
  }
}

function compileCompare({ field, test, negated }: Extract<Condition, { kind: 'compare' }>, resolve: Resolve): Ask {
  const [read, compare] = [ipField(field), compileTest(test, resolve)]
  if (compare === undefined) return UNKNOWN
  return ({ frame }) => {
    const value = read(frame)
    return value !== undefined && compare(value) !== negated ? 'match' : 'no'
  }
}

function compileIcmp(condition: Extract<Condition, { kind: 'icmp-type' }>, resolve: Resolve): Ask {
  const { version, negated } = condition
  const type = numberOf(resolve(condition.type))
  const code = condition.code && numberOf(resolve(condition.code))
  if (type === undefined || (condition.code !== undefined && code === undefined)) return UNKNOWN
  const isAny = version === 'icmp' && type === ANY_TYPE
  return ({ frame }) => {
    const header = needHeader(frame, ICMP_HEADER, false)
    const message = icmpType(frame)
    if (header !== 'match' || message === undefined) return header
    const isMet = isAny || (message[0] === type && (code === undefined || message[1] === code))
    return isMet !== negated ? 'match' : 'no'
  }
}

function compileLimit(value: AttributeValue | undefined, negated: boolean, counter: object): Ask {
  const above = numberOf(value)
  if (above === undefined) return UNKNOWN
  return ({ frame: { bytes, network }, version, tracking, state }) => {
    const counted = countedBy(state, counter)
    const count = countConnections({ bytes, network, version }, tracking, { counted, connections: state.connections })
    if (count === undefined) return 'drop'
    if (count === 0) return 'none-open'
    return count > Number(above) !== negated ? 'match' : 'no'
  }
}

function countedBy({ counted }: HostState, counter: object): Counted {
  const known = counted.get(counter) ?? new Map()
  counted.set(counter, known)
  return known
}

function flagBits(names: string): number {
  return names.split(',').reduce((bits, name) => bits | (FLAGS[name] ?? 0), 0)
}
