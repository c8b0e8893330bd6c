import type { Check } from './check.ts'
import { missingReferences } from './missing-references.ts'
import { referenceLoops } from './reference-loops.ts'
import { ruleChecks } from './rule-checks.ts'

/** Every check, in the order in which findings are told. */
export const allChecks: readonly Check[] = [referenceLoops, missingReferences, ruleChecks]
