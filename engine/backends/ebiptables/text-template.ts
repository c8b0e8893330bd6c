import { type Argument, fillSlot, type Slot, slotsOf } from './argument.ts'
import { printGeneration } from './print-generation.ts'
import { isSafeWord, quoteWord } from './print-words.ts'
import type { EbiptablesRuleset, RulesetShape } from './ruleset.ts'
import type { Words } from './words.ts'

/** Names of devices up to this length never make the name of a chain too long. */
const LONGEST_DEVICE = 15

/** Text with holes: a number is the place of a value among the device's name and the slots. */
export type Template = { readonly parts: readonly (string | number)[]; readonly slots: readonly Slot[] }

/** A word of a command that each binding fills: text and places of values. */
type Hole = readonly (string | number)[]

/**
 * What the text of all bindings of a shape has in common, so that a further binding costs a few joins instead of printing a
 * hundred commands anew.
 */
export function makeTemplate(shape: RulesetShape): Template {
  const slots: Slot[] = []
  const placeOf = (slot: Slot) => {
    const known = slots.findIndex((other) => isSameSlot(other, slot))
    return known === -1 ? slots.push(slot) : known + 1
  }
  const words: Words<Hole> = {
    device: [0],
    chain: ({ before, after }) => [before, 0, after],
    fill: (argument) => holeOf(argument, placeOf),
  }
  const parts: (string | number)[] = []
  const add = (part: string | number) => {
    const last = parts.at(-1)
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part
    else parts.push(part)
  }
  for (const command of printGeneration(shape, words)) {
    for (const [at, word] of command.entries()) {
      if (at > 0) add(' ')
      if (typeof word === 'string') add(quoteWord(word))
      else for (const piece of word) add(piece)
    }
    add('\n')
  }
  return { parts, slots }
}

/** The text for one binding; undefined where a value or the device's name needs quotes or makes a name too long. */
export function fillTemplate({ parts, slots }: Template, ruleset: EbiptablesRuleset): string | undefined {
  const { portDevice, parameters, dialect } = ruleset
  const values = [portDevice, ...slots.map((slot) => fillSlot(slot, parameters, dialect))]
  if (portDevice.length > LONGEST_DEVICE || !values.every(isSafeWord)) return undefined
  return parts.map((part) => (typeof part === 'string' ? part : values[part])).join('')
}

function isSameSlot(a: Slot, b: Slot): boolean {
  if (a.type !== b.type || a.style !== b.style) return false
  if (a.source.kind === 'text') return b.source.kind === 'text' && a.source.text === b.source.text
  return b.source.kind === 'parameter' && a.source.name === b.source.name && a.source.index === b.source.index
}

function holeOf(argument: Argument, placeOf: (slot: Slot) => number): Hole {
  if (typeof argument === 'string') return [quoteWord(argument)]
  const pieces = 'kind' in argument ? slotsOf(argument) : argument
  // A word with a slot and text that needs quotes does not occur: texts beside slots are masks, ports and separators.
  return pieces.map((piece) => (typeof piece === 'string' ? piece : placeOf(piece)))
}
