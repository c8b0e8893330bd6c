import type { Direction, Match, Parameters, RuleInstance } from '#engine'
import { type Bytes, ipBytes, macBytes, prefixMask } from './bytes.ts'
import { PROTOCOL, TCP_FLAG } from './segment.ts'

/** What a rule instance asks of a frame, with the values of its binding. Attributes by name. */
export type Aim = {
  readonly protocol: string
  readonly direction: Direction
  readonly numbers: ReadonlyMap<string, number>
  /** MAC and IP addresses. */
  readonly addresses: ReadonlyMap<string, Bytes>
  /** Masks as long as the address they belong to, by the name of the address. */
  readonly masks: ReadonlyMap<string, Bytes>
  /** TCP flags that are looked at, and those of them that are set. */
  readonly flags: { readonly mask: number; readonly set: number } | undefined
  readonly negated: ReadonlySet<string>
}

/** Words that stand for numbers in values of variables. */
const NAMES: Readonly<Record<string, number>> = {
  ...PROTOCOL,
  arp: 0x806,
  rarp: 0x8035,
  ipv4: 0x800,
  ipv6: 0x86dd,
  vlan: 0x8100,
  request: 1,
  reply: 2,
  request_reverse: 3,
  reply_reverse: 4,
  drarp_request: 5,
  drarp_reply: 6,
  drarp_error: 7,
  inarp_request: 8,
  arp_nak: 9,
}
const ALL_FLAGS = Object.values(TCP_FLAG).reduce((all, flag) => all | flag, 0)
const MASK = /^(.*)(mask)$/

/** What each of the rule instances asks of a frame. */
export function readAims(instances: readonly RuleInstance[], parameters: Parameters): readonly Aim[] {
  return instances.map((instance) => readAim(instance, parameters))
}

function readAim({ rule, values }: RuleInstance, parameters: Parameters): Aim {
  const numbers = new Map<string, number>()
  const addresses = new Map<string, Bytes>()
  const lengths = new Map<string, Bytes | number>()
  let flags: Aim['flags']
  for (const match of rule.matches) {
    const text = textOf(match, values, parameters)
    if (match.value.kind === 'tcp-flags') flags = { mask: flagBits(match.value.mask), set: flagBits(match.value.flags) }
    else if (text !== undefined) readText(match.attribute, text, { numbers, addresses, lengths })
  }
  const masks = new Map<string, Bytes>()
  for (const [name, address] of addresses) {
    const mask = lengths.get(name)
    if (mask !== undefined) masks.set(name, typeof mask === 'number' ? prefixMask(mask, address.length) : mask)
  }
  const negated = new Set(rule.matches.flatMap((match) => (match.negated ? [match.attribute] : [])))
  return { protocol: rule.protocol, direction: rule.direction, numbers, addresses, masks, flags, negated }
}

/** The text of a value; undefined where it is none that a frame could show. */
function textOf(
  { attribute, value }: Match,
  values: RuleInstance['values'],
  parameters: Parameters,
): string | undefined {
  switch (value.kind) {
    case 'number':
      return String(value.value)
    case 'prefix-length':
      return String(value.length)
    case 'mac':
    case 'ipv4':
    case 'ipv6':
      return value.text
    case 'variable': {
      const source = values.get(attribute)
      if (source?.kind === 'text') return source.text
      return source === undefined ? undefined : parameters.get(source.name)?.[source.index]
    }
    default:
      return undefined
  }
}

type Found = {
  readonly numbers: Map<string, number>
  readonly addresses: Map<string, Bytes>
  readonly lengths: Map<string, Bytes | number>
}

function readText(attribute: string, text: string, { numbers, addresses, lengths }: Found): void {
  const isMac = /^(?:[0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2}$/.test(text)
  const address = isMac ? macBytes(text) : /[.:]/.test(text) ? ipBytes(text) : undefined
  const number = NAMES[text.toLowerCase()] ?? Number(text)
  const [, masked] = MASK.exec(attribute) ?? []
  if (masked !== undefined) {
    // `srcipmask` belongs to `srcipaddr`, `root-address-mask` to `root-address`.
    const owner = masked.endsWith('-') ? masked.slice(0, -1) : `${masked}addr`
    if (address !== undefined || Number.isInteger(number)) lengths.set(owner, address ?? number)
  } else if (address !== undefined) addresses.set(attribute, address)
  else if (Number.isInteger(number) && number >= 0 && number <= 0xffffffff) numbers.set(attribute, number)
}

function flagBits(text: string): number {
  if (text === 'ALL') return ALL_FLAGS
  return text.split(',').reduce((bits, name) => bits | (TCP_FLAG[name as keyof typeof TCP_FLAG] ?? 0), 0)
}
