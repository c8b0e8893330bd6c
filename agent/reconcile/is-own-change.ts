import type { AgentState } from './agent-state.ts'
import { touchesOurs } from './cause-of.ts'
import type { TableChange } from './table-change.ts'

/** Our tables go without a mark when the last device loses its filter. So long behind it a deletion is taken for ours. */
const EMPTIED_MS = 5000
const HEARD_WITHIN_MS = 2000
/** ebtables-restore, as the kernel cuts its name. */
const RESTORE = 'ebtables-restor'

/** Whether a transaction was ours: it marks a generation that we sent, or takes away what we just emptied. */
export function isOwnChange(
  { sent, backend }: Pick<AgentState, 'sent' | 'backend'>,
  change: TableChange,
  now: string,
): boolean {
  // Chains of ebtables carry no mark. Whatever else happened to them shows at the next look.
  if (backend === 'ebiptables')
    return change.process?.name === RESTORE && sent.some(({ at }) => Date.parse(now) - Date.parse(at) < HEARD_WITHIN_MS)
  if (change.mark !== undefined) return sent.some(({ generation }) => generation === change.mark)
  if (!touchesOurs(change)) return false
  const onlyDeletes = [...change.tables.values()].every(({ counts }) =>
    [...counts.keys()].every((what) => what.startsWith('delete ') || what === 'add table'),
  )
  return (
    onlyDeletes && sent.some(({ generation, at }) => generation === '' && Date.parse(now) - Date.parse(at) < EMPTIED_MS)
  )
}
