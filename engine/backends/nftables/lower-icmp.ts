import type { Condition } from '../../placement/condition.ts'
import type { Operand } from '../../placement/operand.ts'
import type { NftField } from './nft-field.ts'
import { writeRange } from './nft-value.ts'
import { type Alternatives, allOf, NEVER, one, type Refusal, refuse } from './pieces.ts'

/** What iptables takes for any type of ICMP (xt_icmp). */
const ANY_TYPE = 255
const LAST = 255

/** Type and code of iptables. */
export function icmpType({ version, type, code, negated }: Extract<Condition, { kind: 'icmp-type' }>) {
  if (type.kind === 'literal' && type.value.kind === 'number' && type.value.value === ANY_TYPE && version === 'icmp')
    return negated ? NEVER : one({ kind: 'has-transport-header' })
  const asked = parts(version, [type, type], code && [code, code], negated)
  // A later fragment has no type for iptables; nf_tables would take what stands there for one.
  return 'kind' in asked ? asked : allOf([one({ kind: 'has-transport-header' }), asked])
}

/** Types and codes of ebtables. */
export function icmpRanges({ type, code, negated }: Extract<Condition, { kind: 'icmpv6-ranges' }>) {
  return parts('icmpv6', type, code, negated)
}

type Range = readonly [Operand, Operand]

function parts(
  version: 'icmp' | 'icmpv6',
  type: Range,
  code: Range | undefined,
  negated: boolean,
): Alternatives | Refusal {
  const isType = inRange(`${version} type`, type)
  const isCode = code === undefined ? [[]] : inRange(`${version} code`, code)
  if ('kind' in isType) return isType
  if ('kind' in isCode) return isCode
  if (!negated) return allOf([isType, isCode])
  // Not both: another type, or the type with another code.
  return [...negate(isType), ...allOf([isType, negate(isCode)])]
}

/** Nothing to compare where the range is everything. */
function inRange(field: NftField, [first, last]: Range): Alternatives | Refusal {
  if (first.kind !== 'literal' || last.kind !== 'literal') return refuse('NWF319', 'the type is no number')
  const value = writeRange(field, first.value, last.value)
  if (value === undefined) return refuse('NWF353', 'the range is empty')
  const isAll = typeof value === 'object' && value.kind === 'range' && value.first === '0' && value.last === `${LAST}`
  return isAll ? one() : one({ kind: 'compare', field, op: '==', value })
}

/** What `inRange` gives, the other way round. */
function negate(alternatives: Alternatives): Alternatives {
  const [match] = alternatives[0] ?? []
  return match?.kind === 'compare' ? one({ ...match, op: '!=' }) : NEVER
}
