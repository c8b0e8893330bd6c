import { base, rule } from './base-chain.ts'
import { CARRIED_STATES, type MarkBits } from './mark-bits.ts'
import type { NftMatch, NftTable } from './ruleset.ts'

/** Behind conntrack (−200), in front of everything of the bridge that asks for a state. */
const BEHIND_CONNTRACK = -150

/** What the filters of a host need of the inet hooks. */
export type Needs = { readonly tracks: boolean; readonly rejects: boolean }

/** The inet hooks see what the bridge does not: they write states into the mark, and answer what was rejected. */
export function inetTable(name: string, marks: MarkBits, { tracks, rejects }: Needs): NftTable {
  const states = CARRIED_STATES.map((carried) => {
    const [state = '', direction] = carried.split(' ')
    const matches: NftMatch[] = [{ kind: 'from-bridge' }, { kind: 'ct-state', states: [state] }]
    if (direction === 'original' || direction === 'reply') matches.push({ kind: 'ct-direction', direction })
    const { mask, values } = marks.state
    return rule(matches, { kind: 'set-mark', mask, value: values[carried], verdict: 'accept' })
  })
  const isRejected: NftMatch = { kind: 'mark', mask: marks.reject, op: '==', values: [marks.reject] }
  const reject = rejects ? [rule([isRejected], { kind: 'reject' })] : []
  return {
    family: 'inet',
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
