import { printGeneration } from './print-generation.ts'
import type { EbiptablesRuleset } from './ruleset.ts'
import { type Command, wordsOfRuleset } from './words.ts'

/** Every command libvirt runs to install a new generation, with its temporary names. Spec 5.3. */
export function printCommands(ruleset: EbiptablesRuleset): readonly Command[] {
  return printGeneration(ruleset.shape, wordsOfRuleset(ruleset))
}
