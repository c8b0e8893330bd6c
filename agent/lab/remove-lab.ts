import type { Lab } from './lab.ts'
import { readProcess } from './read-process.ts'

/** The holder runs, and is the very process that was started. */
export function isAlive({ pid, startTime }: Lab): boolean {
  const found = readProcess(pid)
  return found !== undefined && found.startTime === startTime && found.state !== 'Z'
}

/** Ends the holder; its namespaces, devices and rules go with it. */
export function removeLab(lab: Lab): void {
  if (isAlive(lab)) process.kill(lab.pid, 'SIGKILL')
}
