import type { TimelineEntry } from '../link/contract.ts'
import type { AgentState, PendingChange } from './agent-state.ts'

/** What the timeline tells of a transaction that the kernel took; undefined where it is told elsewhere. */
export function sayApplied(
  { devices, opens, closes, why, by }: PendingChange,
  { windows }: Pick<AgentState, 'windows'>,
): Omit<TimelineEntry, 'number' | 'at'> | undefined {
  const portDevices = Object.keys(devices)
  const who = by === null ? '' : ` by ${by}`
  if (closes !== null) {
    const { until = '' } = windows[closes] ?? {}
    const cause = by === null ? `nobody confirmed the change until ${until}` : `${by} asked for it`
    return { kind: 'rolled-back', text: `Rolled back, because ${cause}. What was before stands again.`, portDevices }
  }
  if (opens !== null) {
    const text = `Applied${who}. Without a confirmation until ${opens.until} it goes back.`
    return { kind: 'window-opened', text, portDevices }
  }
  if (why === 'asked') return { kind: 'applied', text: `Applied${who}.`, portDevices }
  if (why === 'switching') return { kind: 'applied', text: 'Applied by another backend.', portDevices }
  if (why === 'start') return { kind: 'applied', text: 'Loaded anew after the start of the system.', portDevices: [] }
  return undefined
}
