import type { Check } from './check.ts'
import { lostAttributes } from './lost-attributes.ts'
import { missingReferences } from './missing-references.ts'
import { referenceLoops } from './reference-loops.ts'
import { silentRejects } from './silent-rejects.ts'
import { unusedVariables } from './unused-variables.ts'

/** Every check, in the order in which findings are told. */
export const allChecks: readonly Check[] = [
  referenceLoops,
  missingReferences,
  lostAttributes,
  silentRejects,
  unusedVariables,
]
