import type { AgentState } from './agent-state.ts'

/**
 * `note`: what is pending is written down. `persist`: everything is. `publish`: the state is told. `look`: the kernel is compared; `glance`: without the
 * contents of sets.
 * `heal`: the kernel is made what was applied. `distrust`: what was loaded is not known to be what the tables hold.
 */
export type Effect = 'note' | 'persist' | 'publish' | 'look' | 'glance' | 'heal' | 'distrust'
export type Reconciled = { readonly state: AgentState; readonly effects: readonly Effect[] }
