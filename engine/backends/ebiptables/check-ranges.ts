import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { severityIn } from '../../dialects/severity-in.ts'
import { type BindingValues, reportValue } from '../../placement/report-value.ts'
import { compareAddresses } from '../../protocols/ip-address.ts'
import { fillArgument, type Slot } from './argument.ts'
import type { RulesetShape } from './ruleset.ts'

/** A range with a variable at one end at least; the text of the other may be a literal. */
export type Range = { readonly first: string | Slot; readonly last: string | Slot; readonly slot: Slot }

/** Every range of a shape whose order depends on values, each once. */
export function rangesToCheck({ ethernet, ip }: RulesetShape): readonly Range[] {
  const found = new Map<string, Range>()
  const rules = [
    ...ethernet.flatMap((statement) => (statement.kind === 'rule' ? [statement] : [])),
    ...ip.flatMap((layer) => layer.rules),
  ]
  for (const argument of rules.flatMap(({ matches }) => matches)) {
    if (typeof argument === 'string' || 'kind' in argument) continue
    for (const [at, piece] of argument.entries()) {
      const [first, last] = [argument[at - 1], argument[at + 1]]
      if ((piece !== ':' && piece !== '-') || first === undefined || last === undefined) continue
      const slot = typeof last === 'string' ? first : last
      if (typeof slot !== 'string')
        found.set(JSON.stringify([nameOf(first), nameOf(last), slot.attribute]), { first, last, slot })
    }
  }
  return [...found.values()]
}

/** The ranges that are empty for the values of one binding (NWF353). */
export function checkRanges(
  ranges: readonly Range[],
  { binding, parameters, dialect }: BindingValues,
): readonly Diagnostic[] {
  const severity = severityIn(dialect, 'NWF353')
  return ranges.flatMap(({ first, last, slot }) => {
    const [start, end] = [first, last].map((piece) => fillArgument(piece, parameters, dialect))
    if (start === undefined || end === undefined || severity === undefined || !isGreater(start, end)) return []
    const message = `The range of ${slot.attribute} is empty on ${binding.portDevice}: ${start} is greater than ${end}.`
    return [reportValue('NWF353', slot, binding, message, severity)]
  })
}

function nameOf(piece: string | Slot): unknown {
  return typeof piece === 'string' ? piece : piece.source
}

function isGreater(start: string, end: string): boolean {
  const [first, last] = [Number(start), Number(end)]
  if (Number.isInteger(first) && Number.isInteger(last)) return first > last
  return compareAddresses(start, end) > 0
}
