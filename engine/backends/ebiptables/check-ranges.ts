import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { report } from '../../diagnostics/report.ts'
import type { Dialect } from '../../dialects/dialect.ts'
import { severityIn } from '../../dialects/severity-in.ts'
import type { Parameters } from '../../nwfilter/filter.ts'
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
  { parameters, dialect, portDevice }: { parameters: Parameters; dialect: Dialect; portDevice: string },
): readonly Diagnostic[] {
  const severity = severityIn(dialect, 'NWF353')
  return ranges.flatMap(({ first, last, slot }) => {
    const [start, end] = [first, last].map((piece) => fillArgument(piece, parameters, dialect))
    if (start === undefined || end === undefined || severity === undefined || !isGreater(start, end)) return []
    const { attribute, place } = slot
    const message = `The range of ${attribute} is empty on ${portDevice}: ${start} is greater than ${end}.`
    return [report('NWF353', place.source, place.span, message, { severity })]
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
