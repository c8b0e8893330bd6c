import { run } from '../exec/run.ts'
import type { RunResult } from '../exec/start-program.ts'
import { enterPlace, type Lab } from './lab.ts'

/** Runs a command at a place of the lab by the place's name; undefined where the lab has no such place. */
export async function execInLab(lab: Lab, place: string, command: readonly string[]): Promise<RunResult | undefined> {
  const enter = enterPlace(lab, place)
  return enter === undefined ? undefined : run(command, { enter })
}
