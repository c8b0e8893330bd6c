import type { AgentState } from '../reconcile/agent-state.ts'
import type { DesiredDevice } from '../reconcile/compile-desired.ts'

/** What was applied, as if it came again. */
export function appliedDevices({ applied }: Pick<AgentState, 'applied'>): readonly DesiredDevice[] {
  return Object.entries(applied).map(([portDevice, { filter, bindingXml, filters }]) => {
    return { portDevice, filter, bindingXml, filters, whenBroken: 'keep' }
  })
}
