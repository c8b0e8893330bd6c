import type { BrokenDevice } from '../link/contract.ts'
import type { BrokenBinding } from './agent-state.ts'

/** What is told of a broken binding. */
export function describeBroken(
  portDevice: string,
  { since, filter, whenBroken, errors, effect }: BrokenBinding,
): BrokenDevice {
  return { portDevice, since, filter, whenBroken, errors, effect }
}
