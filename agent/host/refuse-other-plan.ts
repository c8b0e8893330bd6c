import type { DesiredStateInput, InstallOutcome } from '../link/contract.ts'
import type { DesiredDevice } from '../reconcile/compile-desired.ts'
import { hashOfPlan } from '../reconcile/plan-nft.ts'
import type { HostCore } from './host-core.ts'

/** Refuses a change whose rules are not those that its plan showed: another version of the engine, or texts that were changed since. */
export function refuseOtherPlan(
  { options: { capabilities }, sets: { ipsets } }: HostCore,
  devices: readonly DesiredDevice[],
  { rulesetHash }: Pick<DesiredStateInput, 'rulesetHash'>,
): InstallOutcome | undefined {
  if (rulesetHash === undefined) return undefined
  const hash = hashOfPlan(devices, { capabilities, ipsets })
  if (hash === rulesetHash) return undefined
  return {
    ok: false,
    reason: 'plan',
    message:
      'The rules that the agent makes of these filters are not those that the console showed; nothing was changed.',
    raw: `The console has ruleset ${rulesetHash}, the agent ${hash}. Are both of the same version?`,
  }
}
