import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLab } from './create-lab.ts'
import type { Lab } from './lab.ts'
import { isAlive } from './remove-lab.ts'

/** The lab whose holder is written down in the state folder, if it still lives; otherwise a new one, written down. */
export async function adoptOrCreateLab(stateDir: string): Promise<Lab> {
  const known = readLab(stateDir)
  if (known !== undefined && isAlive(known)) return known
  const lab = await createLab()
  writeFileSync(fileOf(stateDir), JSON.stringify(lab))
  return lab
}

/** Forgets the lab that is written down. */
export function forgetLab(stateDir: string): void {
  rmSync(fileOf(stateDir), { force: true })
}

function readLab(stateDir: string): Lab | undefined {
  if (!existsSync(fileOf(stateDir))) return undefined
  const { pid, startTime, rootless } = JSON.parse(readFileSync(fileOf(stateDir), 'utf8')) as Partial<Lab>
  return typeof pid === 'number' && typeof startTime === 'string'
    ? { pid, startTime, rootless: rootless === true }
    : undefined
}

function fileOf(stateDir: string): string {
  return join(stateDir, 'lab.json')
}
