import { printGeneration } from './print-generation.ts'
import { printWords } from './print-words.ts'
import type { EbiptablesRuleset, RulesetShape } from './ruleset.ts'
import { fillTemplate, makeTemplate, type Template } from './text-template.ts'
import { wordsOfRuleset } from './words.ts'

/** Templates made before: all bindings of a shape share one. */
const templates = new WeakMap<RulesetShape, Template>()

/** The commands of a new generation as shell words, one command a line, for people to read and paste. Never run by us. */
export function printText(ruleset: EbiptablesRuleset): string {
  const template = templates.get(ruleset.shape) ?? makeTemplate(ruleset.shape)
  templates.set(ruleset.shape, template)
  return fillTemplate(template, ruleset) ?? printWords(printGeneration(ruleset.shape, wordsOfRuleset(ruleset)))
}
