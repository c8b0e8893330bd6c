import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { PROGRAMS } from './programs.ts'

/** What a program gets of the environment: the C locale keeps messages the same everywhere, tools of the system live in sbin too. */
const ENVIRONMENT: NodeJS.ProcessEnv = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', NODE_ENV: 'production' }

/** Starts one of the agent's programs by its argument array. Throws for a program that is none of them. */
export function spawnProgram(
  [name = '', ...args]: readonly string[],
  stdio: SpawnOptions['stdio'],
  options: Pick<SpawnOptions, 'detached' | 'cwd'> = {},
): ChildProcess {
  const program = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name as keyof typeof PROGRAMS] : undefined
  if (program === undefined) throw new Error(`“${name}” is no program of the agent (agent/exec/programs.ts)`)
  return spawn(program, args, { stdio, env: ENVIRONMENT, ...options })
}
