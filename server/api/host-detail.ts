import { shortHash } from '#engine'
import type { HostState } from '../../agent/link/contract.ts'
import { agentReport } from '../agents/watch-agent.ts'

/** What the page of a host shows beside the view that every tab has. */
export type HostDetail = Pick<
  HostState,
  'host' | 'generation' | 'capabilities' | 'healing' | 'windows' | 'timeline' | 'foreign'
> & {
  /** Another one as soon as anything of it changes; the view of every tab names it. */
  readonly revision: string
}

const known = new WeakMap<HostState, HostDetail>()

/** The detail of a report; made once for each. */
export function detailOf(state: HostState): HostDetail {
  const before = known.get(state)
  if (before !== undefined) return before
  const { host, generation, capabilities, healing, windows, timeline, foreign } = state
  const told = { host, generation, capabilities, healing, windows, timeline, foreign }
  const detail = { ...told, revision: shortHash(JSON.stringify(told)) }
  known.set(state, detail)
  return detail
}

/** What the agent told last, also while it is silent; null where none ever reported. */
export function hostDetail(): HostDetail | null {
  const { state } = agentReport()
  return state === undefined ? null : detailOf(state)
}
