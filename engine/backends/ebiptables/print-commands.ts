import { chainName, hookArguments } from './chain-names.ts'
import type { EbtablesRuleset } from './ruleset.ts'

export type Command = readonly string[]

/** A call as libvirt makes it. Spec 5.1. */
export const ebtables = (...args: readonly string[]): Command => ['ebtables', '--concurrent', '-t', 'nat', ...args]
const SIDES = ['from-guest', 'to-guest'] as const

/** Every command libvirt runs to install a new generation, with its temporary names. Spec 5.3. */
export function printCommands(ruleset: EbtablesRuleset): readonly Command[] {
  const { portDevice, sides, statements } = ruleset
  const root = (side: (typeof SIDES)[number]) => chainName('temporary', side, portDevice, 'root')
  const commands: Command[] = [
    ...SIDES.map((side) => ebtables('-D', ...hookArguments('temporary', side, portDevice))),
    ...SIDES.map((side) => ebtables('-L', root(side))),
    ...SIDES.flatMap((side) => [ebtables('-F', root(side)), ebtables('-X', root(side))]),
    ...sides.map((side) => ebtables('-N', root(side))),
  ]
  for (const statement of statements) {
    const chain = chainName('temporary', statement.side, portDevice, statement.suffix)
    if (statement.kind === 'jump') {
      commands.push(ebtables('-F', chain), ebtables('-X', chain), ebtables('-N', chain))
      commands.push(ebtables('-A', root(statement.side), ...statement.selector, '-j', chain))
    } else commands.push(ebtables('-A', chain, ...statement.matches, '-j', statement.target))
  }
  return [...commands, ...sides.map((side) => ebtables('-A', ...hookArguments('temporary', side, portDevice)))]
}
