import { NOTES } from './notes.ts'
import type { Decision, Packet } from './pass-layers.ts'
import type { RuleStep } from './rule-step.ts'
import type { TraceStep } from './trace.ts'

/**
 * What one condition of a rule of the IP layer says of a packet: `drop` at once, also where a limit counts no connection that is open,
 * or that it cannot be known here.
 */
export type Answer = 'match' | 'no' | 'drop' | 'none-open' | 'unknown'
/** One condition of a rule of the IP layer. */
export type Ask = (packet: Packet) => Answer

/** Asks the conditions of a rule in order: it matches, or it does not, or one of them decides. */
export function askAll(
  { asks, step }: { readonly asks: readonly Ask[]; readonly step: RuleStep },
  packet: Packet,
  steps: TraceStep[],
): 'match' | 'no' | Decision {
  const by = step.places[0] ?? null
  for (const ask of asks) {
    const answer = ask(packet)
    if (answer === 'no') return 'no'
    if (answer === 'match') continue
    steps.push(step)
    if (answer === 'none-open') steps.push(NOTES.noneOpen)
    if (answer !== 'unknown') return { verdict: 'drop', by }
    steps.push({
      kind: 'note',
      text: 'What the rule asks cannot be known here: a set of the host, or a value that is none.',
    })
    return { verdict: 'not-modelled', by }
  }
  steps.push(step)
  return 'match'
}
