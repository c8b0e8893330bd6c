import { printGeneration } from './print-generation.ts'
import { printWords } from './print-words.ts'
import type { EbiptablesRuleset, RulesetShape } from './ruleset.ts'
import { fillTemplate, makeTemplate, type Template } from './text-template.ts'
import { wordsOfRuleset } from './words.ts'

/** Templates made before: all bindings of a shape share one. A shape that was met once has none yet, for it may be the only time. */
const templates = new WeakMap<RulesetShape, Template | 'met once'>()

/** The commands of a new generation as shell words, one command a line, for people to read and paste. Never run by us. */
export function printText(ruleset: EbiptablesRuleset): string {
  const { shape } = ruleset
  const known = templates.get(shape)
  const template = known === 'met once' ? makeTemplate(shape) : known
  templates.set(shape, template ?? 'met once')
  const filled = template === undefined ? undefined : fillTemplate(template, ruleset)
  return filled ?? printWords(printGeneration(shape, wordsOfRuleset(ruleset)))
}
