import type { IpSide, Side } from '../../placement/placement.ts'
import { chainParts, ipChainParts } from './chain-names.ts'
import { hookWords, IP_SIDES, ipLinkWords, postWords, printEthernetUnlink, printIpUnlink } from './print-links.ts'
import type { IpLayer, RulesetShape } from './ruleset.ts'
import { type CommandOf, ebtables, iptables, type Words } from './words.ts'

/** Shared by all devices; called from FORWARD in this order, the last from INPUT. Spec 5.2. */
const SHARED = ['libvirt-in', 'libvirt-out', 'libvirt-in-post', 'libvirt-host-in']
const BASE_LINKS = [
  ['FORWARD', '1', 'libvirt-in'],
  ['FORWARD', '2', 'libvirt-out'],
  ['FORWARD', '3', 'libvirt-in-post'],
  ['INPUT', '1', 'libvirt-host-in'],
] as const

/** Every command libvirt runs to install a new generation, with its temporary names. Spec 5.3. */
export function printGeneration<Word>(shape: RulesetShape, words: Words<Word>): readonly CommandOf<Word>[] {
  return [
    ...printEthernetUnlink(words, 'temporary'),
    ...printEthernet(shape, words),
    ...shape.ip.flatMap((layer) => printIpLayer(layer, words)),
    ...shape.sides.map((side) => ebtables('-A', ...hookWords(words, 'temporary', side))),
  ]
}

function printEthernet<Word>({ sides, ethernet }: RulesetShape, words: Words<Word>): readonly CommandOf<Word>[] {
  const root = (side: Side) => words.chain(chainParts('temporary', side, 'root'))
  const commands: CommandOf<Word>[] = sides.map((side) => ebtables('-N', root(side)))
  for (const statement of ethernet) {
    const chain = words.chain(chainParts('temporary', statement.side, statement.suffix))
    if (statement.kind === 'rule')
      commands.push(ebtables('-A', chain, ...statement.matches.map(words.fill), '-j', statement.target))
    else
      commands.push(
        ebtables('-F', chain),
        ebtables('-X', chain),
        ebtables('-N', chain),
        ebtables('-A', root(statement.side), ...statement.selector, '-j', chain),
      )
  }
  return commands
}

/** The chains of the IP layer are active as soon as they are linked, before their rules stand. */
function printIpLayer<Word>({ tool, rules }: IpLayer, words: Words<Word>): readonly CommandOf<Word>[] {
  const chain = (side: IpSide) => words.chain(ipChainParts('temporary', side))
  return [
    ...printIpUnlink(words, tool, 'temporary'),
    ...SHARED.map((name) => iptables<Word>(tool, '-N', name)),
    ...BASE_LINKS.map(([hook, , name]) => iptables<Word>(tool, '-D', hook, '-j', name)),
    ...BASE_LINKS.map(([hook, at, name]) => iptables<Word>(tool, '-I', hook, at, '-j', name)),
    ...IP_SIDES.map((side) => iptables(tool, '-N', chain(side))),
    ...IP_SIDES.map((side) => iptables(tool, '-A', ...ipLinkWords(words, 'temporary', side))),
    iptables(tool, '-D', ...postWords(words)),
    iptables(tool, '-A', ...postWords(words)),
    ...rules.map(({ side, matches, target }) =>
      iptables(tool, '-A', chain(side), ...matches.map(words.fill), '-j', target),
    ),
  ]
}
