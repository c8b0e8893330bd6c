import { nftTable } from '#engine'
import type { AgentState } from './agent-state.ts'
import { causeOf, touchesOurs, UNKNOWN_CAUSE } from './cause-of.ts'
import type { Reconciled } from './effect.ts'
import { isOwnChange } from './is-own-change.ts'
import type { TableChange } from './table-change.ts'

/** What is heard comes so late behind what was seen, at most. */
const HEARD_WITHIN_MS = 2000

/** Somebody gave nf_tables a transaction: ours is passed over, and another one that touches our rules is looked into at once. */
export function tablesChanged(state: AgentState, change: TableChange, now: string): Reconciled {
  if (isOwnChange(state, change, now)) {
    // Our tables were made anew: whatever happened to them before is undone.
    const isAnew = change.tables.get(`bridge ${nftTable}`)?.counts.has('add table') === true
    // Without a mark it is only likely to be ours.
    return { state: isAnew ? { ...state, touched: null } : state, effects: change.mark === undefined ? ['look'] : [] }
  }
  const isTouched = state.backend === 'nftables' ? touchesOurs(change) : change.tables.has('bridge nat')
  // What others do in tables of their own may stand in the way of frames.
  if (!isTouched)
    return { state, effects: [...change.tables.keys()].some((key) => key.startsWith('bridge ')) ? ['look'] : [] }
  return { state: nameCause({ ...state, touched: { change, at: now } }, change, now), effects: ['distrust', 'look'] }
}

/** A look may find the drift before it is heard of: then its cause is known only now. */
function nameCause(state: AgentState, change: TableChange, now: string): AgentState {
  const at = state.timeline.findLastIndex(({ kind }) => kind === 'drift')
  const entry = state.timeline[at]
  if (entry === undefined || !entry.text.startsWith(UNKNOWN_CAUSE)) return state
  if (Date.parse(now) - Date.parse(entry.at) > HEARD_WITHIN_MS) return state
  const cause = causeOf(change)
  const { drift } = state.healing
  return {
    ...state,
    timeline: state.timeline.with(at, { ...entry, text: entry.text.replace(UNKNOWN_CAUSE, cause) }),
    healing: { ...state.healing, drift: drift?.cause === UNKNOWN_CAUSE ? { ...drift, cause } : drift },
  }
}
