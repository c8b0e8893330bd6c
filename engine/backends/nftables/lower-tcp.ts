import type { Condition } from '../../placement/condition.ts'
import { type Alternatives, NEVER, one } from './pieces.ts'

/** The bits of the TCP flags, as iptables names them. */
const FLAGS: Readonly<Record<string, number>> = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32, ALL: 63, NONE: 0 }

/** Of the flags under the mask exactly these are set. */
export function tcpFlags({ mask, flags, negated }: Extract<Condition, { kind: 'tcp-flags' }>): Alternatives {
  const [under, wanted] = [bitsOf(mask), bitsOf(flags)]
  // A flag outside of the mask is never left over.
  const canHold = (wanted & ~under) === 0
  if (under === 0) return canHold === negated ? NEVER : one({ kind: 'has-transport-header' })
  if (!canHold && !negated) return NEVER
  const hex = (bits: number) => `0x${bits.toString(16)}`
  return one({ kind: 'masked', field: 'tcp flags', mask: hex(under), op: negated ? '!=' : '==', value: hex(wanted) })
}

function bitsOf(words: string): number {
  return words.split(',').reduce((bits, word) => bits | (FLAGS[word] ?? 0), 0)
}
