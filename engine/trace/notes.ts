import type { Tracking } from './connections/connection.ts'
import type { TraceStep } from './trace.ts'

/** A step that is no rule. */
function note(text: string): TraceStep {
  return { kind: 'note', text }
}

/** What happens to packets besides their rules. */
export const NOTES = {
  noFrame: note('This is no Ethernet frame.'),
  broken: note('br_netfilter drops an IP packet whose header is broken or whose length does not fit.'),
  held: note('The fragment waits for the others of its packet; what they make together is judged with the last.'),
  noneOpen: note('xt_connlimit drops the packet: its connection is closed already, and none from its address is open.'),
  uncertain: note('What became of an earlier packet of this connection is not known, so its state is not.'),
  dropped: note('The fragment does not go with the others of its packet and is dropped.'),
} as const

const STATES = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'] as const
const notesOf = (words: string) => new Map(STATES.map((state) => [state, note(`Connection state ${state}${words}.`)]))
const TRACKING = { original: notesOf(', direction original'), reply: notesOf(', direction reply'), none: notesOf('') }

/** The connection that a packet was found to belong to. */
export function noteTracking({ state, direction }: Tracking): TraceStep {
  return TRACKING[direction ?? 'none'].get(state) ?? note(state)
}
