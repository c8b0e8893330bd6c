import { base, rule } from './base-chain.ts'
import { CARRIED_STATES, type MarkBits } from './mark-bits.ts'
import type { NftMatch, NftTable } from './ruleset.ts'

/** Behind conntrack (−200), in front of everything of the bridge that asks for a state. */
const BEHIND_CONNTRACK = -150

/** The families whose hooks bridged packets pass with br_netfilter, each by itself. */
export type IpVersion = 'ip' | 'ip6'
/** What the filters of a host need of the hooks of one IP version. */
export type Needs = { readonly tracks: boolean; readonly rejects: boolean }

/**
 * The hooks of IP see what the bridge does not: they write states into the mark, and answer what was rejected. A version without
 * need has no table: connection tracking changes packets, it puts fragments together.
 */
export function ipTable(family: IpVersion, name: string, marks: MarkBits, { tracks, rejects }: Needs): NftTable {
  const states = CARRIED_STATES.map((carried) => {
    const [state = '', direction] = carried.split(' ')
    const matches: NftMatch[] = [{ kind: 'from-bridge' }, { kind: 'ct-state', states: [state] }]
    if (direction === 'original' || direction === 'reply') matches.push({ kind: 'ct-direction', direction })
    const { mask, values } = marks.state
    return rule(matches, { kind: 'set-mark', mask, value: values[carried], verdict: 'accept' })
  })
  const isRejected: NftMatch = { kind: 'mark', mask: marks.reject, op: '==', values: [marks.reject] }
  const reject = rejects ? [rule([isRejected], { kind: 'reject', version: family === 'ip' ? 'icmp' : 'icmpv6' })] : []
  return {
    family,
    name,
    counters: [],
    sets: [],
    chains: [
      base('prerouting', 'prerouting', BEHIND_CONNTRACK, tracks ? states : []),
      base('forward', 'forward', 0, reject),
      base('input', 'input', 0, reject),
    ].filter(({ rules }) => rules.length > 0),
  }
}
