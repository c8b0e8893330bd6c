import { base, rule } from './base-chain.ts'
import { countersOf } from './counters-of.ts'
import type { IpVersion, Needs } from './ip-version.ts'
import type { LimitMarks } from './limit-marks.ts'
import { type LimitedPlace, toHostChain } from './lower-limited.ts'
import { CARRIED_STATES, type MarkBits } from './mark-bits.ts'
import type { NftMatch, NftRule, NftSet, NftTable } from './ruleset.ts'
import { TABLE } from './table.ts'
import { usedIn } from './used-in.ts'

/** Behind conntrack (−200), in front of everything of the bridge that asks for a state. */
const BEHIND_CONNTRACK = -150

/** What the table of an IP version is made of. */
type Parts = {
  readonly marks: MarkBits
  readonly limits: LimitMarks
  readonly needs: Needs
  /** Sets that stand for ipsets. */
  readonly named: readonly NftSet[]
  readonly groups: readonly { readonly name: string; readonly limited: readonly LimitedPlace[] }[]
}

/**
 * The hooks of IP see what the bridge does not: they write states into the mark, count connections, and answer what was rejected.
 * A version without need has no table: connection tracking changes packets, it puts fragments together.
 */
export function ipTable(family: IpVersion, parts: Parts): NftTable {
  const { marks, needs, groups } = parts
  const limited = groups.flatMap((group) => group.limited.filter(({ version }) => version === family))
  const chains = limited.flatMap((place) => place.chains)
  const isRejected: NftMatch = { kind: 'mark', mask: marks.reject, op: '==', values: [marks.reject] }
  const version = family === 'ip' ? 'icmp' : 'icmpv6'
  const reject = needs.rejects ? [rule([isRejected], { kind: 'reject', version })] : []
  const lead = (side: LimitedPlace['side'], nameOf?: (chain: string) => string) =>
    leadLimited(family, side, parts, nameOf)
  return {
    family,
    name: TABLE,
    counters: countersOf(chains),
    sets: [...usedIn(chains, parts.named), ...limited.flatMap((place) => place.sets)],
    chains: [
      base('prerouting', 'prerouting', BEHIND_CONNTRACK, needs.tracks ? carryStates(marks) : []),
      // As libvirt has it: who sends, then who gets. What a shared chain of the sender rejected stands between.
      base('forward', 'forward', 0, [...lead('from-guest'), ...reject, ...lead('to-guest')]),
      base('input', 'input', 0, [...lead('from-guest', toHostChain), ...reject]),
      ...chains,
    ].filter(({ rules }) => rules.length > 0),
  }
}

function carryStates({ state: { mask, values } }: MarkBits): readonly NftRule[] {
  return CARRIED_STATES.map((carried) => {
    const [state = '', direction] = carried.split(' ')
    const matches: NftMatch[] = [{ kind: 'from-bridge' }, { kind: 'ct-state', states: [state] }]
    if (direction === 'original' || direction === 'reply') matches.push({ kind: 'ct-direction', direction })
    return rule(matches, { kind: 'set-mark', mask, value: values[carried], verdict: 'accept' })
  })
}

/** The mark names the NIC whose chain a packet enters. */
function leadLimited(
  family: IpVersion,
  side: LimitedPlace['side'],
  { groups, limits }: Parts,
  nameOf = (chain: string) => chain,
): readonly NftRule[] {
  const { mask, values } = limits[side]
  const verdicts = groups.flatMap(({ name, limited }) =>
    limited
      .filter((place) => place.version === family && place.side === side)
      .map(({ chain }) => ({ value: values.get(name) ?? 0, chain: nameOf(chain) })),
  )
  verdicts.sort((a, b) => a.value - b.value)
  return verdicts.length === 0 ? [] : [rule([], { kind: 'mark-vmap', mask, verdicts })]
}
