import type { AgentState, AppliedDevice } from './agent-state.ts'

/**
 * Makes what was pending the last applied state: its devices, those that are broken, the window that opens, and the one that closes.
 * With shared rules the other devices may look different too.
 */
export function adopt(state: AgentState): AgentState {
  const { pending } = state
  const applied: Record<string, AppliedDevice> = {}
  for (const [name, before] of Object.entries(state.applied)) applied[name] = { ...before, fingerprint: null }
  for (const [name, device] of Object.entries(pending?.devices ?? {})) {
    if (device === null) delete applied[name]
    else applied[name] = { ...device, fingerprint: null }
  }
  const broken = { ...state.broken }
  for (const name of Object.keys(pending?.devices ?? {})) delete broken[name]
  for (const [name, binding] of Object.entries(pending?.broken ?? {})) {
    if (binding === null) delete broken[name]
    else broken[name] = binding
  }
  const windows = { ...state.windows }
  if (pending?.closes != null) delete windows[pending.closes]
  if (pending?.opens != null) windows[pending.opens.id] = pending.opens
  return {
    ...state,
    applied,
    broken,
    windows,
    generation: pending?.generation ?? '',
    frame: null,
    baseline: null,
    lostAt: null,
    pending: null,
  }
}
