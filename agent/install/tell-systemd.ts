import { existsSync } from 'node:fs'
import { run } from '../exec/run.ts'

const PATIENCE_MS = 120_000

/** Whether systemd is the init of this system. sd_booted(3) */
export function runsSystemd(): boolean {
  return existsSync('/run/systemd/system')
}

/** Runs these one after another, and says each. Undefined when all went well, else the words of the one that did not. */
export async function tellSystemd(
  commands: readonly (readonly string[])[],
  say: (step: string) => void,
): Promise<string | undefined> {
  for (const command of commands) {
    const { status, stderr } = await run(command, { timeoutMs: PATIENCE_MS })
    if (status !== 0) return `${command.join(' ')}: ${stderr.trim() || `status ${status}`}`
    say(`${command.join(' ')}: done`)
  }
  return undefined
}
