import type { Diagnostic } from './diagnostic.ts'

/** Codes that name one cause from two layers: what the second says is the graver, and the first is left out beside it. */
const SAME_CAUSE: Readonly<Record<string, string>> = { NWF201: 'NWF202' }
/** Codes whose place has one cause, in whatever words two layers tell it. */
const ONE_A_PLACE: ReadonlySet<string> = new Set(['NWF201', 'NWF202', 'NWF204', 'NWF321', 'NWF323'])
const GRAVITY = { error: 2, warning: 1, info: 0 } as const

/**
 * Findings of several layers, each cause once, in the order of first mention. Of one code at one place the gravest stays, with the
 * fixes and the guess of the other where it has none; findings that are equally grave are one when they say the same.
 */
export function mergeDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const kept: (Diagnostic | undefined)[] = []
  const places = new Map<string, number[]>()
  for (const diagnostic of diagnostics) {
    const { code, source, span } = diagnostic
    const key = `${SAME_CAUSE[code] ?? code} ${source} ${span.start} ${span.end}`
    const known = places.get(key)
    const before = known && kept[known[0] ?? 0]
    if (known === undefined || before === undefined) {
      places.set(key, [kept.push(diagnostic) - 1])
      continue
    }
    const more = GRAVITY[diagnostic.severity] - GRAVITY[before.severity]
    if (more > 0) {
      for (const at of known.splice(1)) kept[at] = undefined
      kept[known[0] ?? 0] = takeOver(diagnostic, before)
    } else if (more < 0 || ONE_A_PLACE.has(code)) kept[known[0] ?? 0] = takeOver(before, diagnostic)
    else if (!known.some((at) => kept[at]?.message === diagnostic.message)) known.push(kept.push(diagnostic) - 1)
  }
  return kept.filter((diagnostic) => diagnostic !== undefined)
}

/** A finding with the fixes of another about the same cause, and its guess, where it has none of its own. */
function takeOver(diagnostic: Diagnostic, other: Diagnostic): Diagnostic {
  if (diagnostic.fixes.length > 0 || other.fixes.length === 0) return diagnostic
  const guess = / Did you mean .+\?$/.exec(other.message)?.[0]
  if (guess === undefined) return { ...diagnostic, fixes: other.fixes }
  return { ...diagnostic, message: `${diagnostic.message.replace(/\.$/, '')}.${guess}`, fixes: other.fixes }
}
