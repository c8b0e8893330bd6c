import { base, rule } from './base-chain.ts'
import { FAST_FROM } from './fast-paths.ts'
import type { IpVersion, Needs } from './ip-version.ts'
import type { LimitMarks } from './limit-marks.ts'
import { MAPS } from './maps.ts'
import type { MarkBits } from './mark-bits.ts'
import type { NftField } from './nft-field.ts'
import type { NftChain, NftMatch, NftRule } from './ruleset.ts'

/** Where ebtables hangs its table nat, which is where libvirt's rules of the Ethernet layer stand. */
const [DSTNAT, SRCNAT] = [-300, 300]
/** In front of br_netfilter, which enters the hooks of IP at priority 0 of the bridge, and behind it. */
const [BEFORE_IP, BEHIND_IP, LAST] = [-1, 1, 2]

const IPV4: NftMatch = { kind: 'compare', field: 'ether type', op: '==', value: '0x0800' }
const IPV6: NftMatch = { kind: 'compare', field: 'ether type', op: '==', value: '0x86dd' }

/** What the base chains of the bridge are made of: its maps by name, and what has to go through the mark. */
type Frame = {
  readonly maps: ReadonlySet<string>
  readonly marks: MarkBits
  readonly limits: LimitMarks
  readonly needs: Readonly<Record<IpVersion, Needs>>
}

/** The base chains of the bridge table; one that nobody needs is left out. */
export function baseChains(frame: Frame): readonly NftChain[] {
  const { maps, marks, limits, needs } = frame
  const all = [needs.ip, needs.ip6]
  const rejects = all.some((need) => need.rejects)
  const carries = all.some((need) => need.rejects || need.tracks || need.limits)
  const isCounted: NftMatch = { kind: 'mark', mask: limits['from-guest'].mask, op: '!=', values: [0] }
  const counts = limits['from-guest'].mask !== 0
  const first = counts ? [rule([isCounted], { kind: 'accept' }, 'its connections are counted first')] : []
  const isRejected: NftMatch = { kind: 'mark', mask: marks.reject, op: '==', values: [marks.reject] }
  const guard = rejects ? [rule([isRejected], { kind: 'drop' }, 'nobody rejected it: br_netfilter is off')] : []
  const fromGuest = leadIp(maps, 'from-guest')
  const toGuest = leadIp(maps, 'to-guest')
  return [
    base('prerouting', 'prerouting', DSTNAT, [
      ...(carries ? clean(marks) : []),
      ...ask(maps, FAST_FROM),
      ...lead(maps, 'ethernet from-guest'),
    ]),
    base('forward', 'forward', BEFORE_IP, [...fromGuest, ...leadIp(maps, 'limited-to-guest'), ...first, ...toGuest]),
    base('forward-counted', 'forward', BEHIND_IP, counts ? leadIp(maps, 'to-guest', isCounted) : []),
    base('forward-guard', 'forward', LAST, guard),
    base('input', 'input', BEFORE_IP, fromGuest),
    base('postrouting', 'postrouting', SRCNAT, lead(maps, 'ethernet to-guest')),
  ].filter(({ rules }) => rules.length > 0)
}

function clean({ all: mask }: MarkBits): readonly NftRule[] {
  const isSet: NftMatch = { kind: 'mark', mask, op: '!=', values: [0] }
  const statement = { kind: 'set-mark', mask, value: 0, verdict: undefined } as const
  return [rule([isSet], statement, 'a mark of ours comes from nobody else')]
}

function leadIp(maps: ReadonlySet<string>, side: string, ...matches: readonly NftMatch[]): readonly NftRule[] {
  return [...lead(maps, `ip ${side}`, IPV4, ...matches), ...lead(maps, `ip6 ${side}`, IPV6, ...matches)]
}

function lead(maps: ReadonlySet<string>, place: string, ...matches: readonly NftMatch[]): readonly NftRule[] {
  const map = MAPS[place]
  return map === undefined ? [] : ask(maps, { name: map.name, fields: [map.field] }, ...matches)
}

function ask(
  maps: ReadonlySet<string>,
  { name, fields }: { readonly name: string; readonly fields: readonly NftField[] },
  ...matches: readonly NftMatch[]
): readonly NftRule[] {
  return maps.has(name) ? [rule(matches, { kind: 'vmap', fields, map: name })] : []
}
