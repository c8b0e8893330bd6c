import { bindingsCases } from './bindings.ts'
import type { DiagnosticCase } from './diagnostic-case.ts'
import { directionsCases } from './directions.ts'
import { elementsCases } from './elements.ts'
import { headersCases } from './headers.ts'
import { instancesCases } from './instances.ts'
import { matchesCases } from './matches.ts'
import { nftablesCases } from './nftables.ts'
import { readingsCases } from './readings.ts'
import { referencesCases } from './references.ts'
import { rulesCases } from './rules.ts'
import { syntaxCases } from './syntax.ts'
import { valuesCases } from './values.ts'

/** Every case, in the order of the codes of each theme. */
export const diagnosticCases: readonly DiagnosticCase[] = [
  ...syntaxCases,
  ...elementsCases,
  ...headersCases,
  ...valuesCases,
  ...bindingsCases,
  ...referencesCases,
  ...instancesCases,
  ...rulesCases,
  ...directionsCases,
  ...matchesCases,
  ...nftablesCases,
  ...readingsCases,
]
