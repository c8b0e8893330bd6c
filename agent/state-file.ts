import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type AgentState, EMPTY_STATE } from './reconcile/agent-state.ts'

/** What the agent remembered last; empty where there is nothing, or nothing that can be read. */
export function readState(stateDir: string): AgentState {
  const file = fileOf(stateDir)
  if (!existsSync(file)) return EMPTY_STATE
  try {
    return { ...EMPTY_STATE, ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<AgentState>), live: null }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    console.error(`sluice agent: ${file} cannot be read and is left aside: ${error.message}`)
    return EMPTY_STATE
  }
}

/** Writes the state so that a crash leaves the old file or the new one. */
export function writeState(stateDir: string, state: AgentState): void {
  const file = fileOf(stateDir)
  const descriptor = openSync(`${file}.new`, 'w', 0o600)
  writeSync(descriptor, JSON.stringify({ ...state, live: null }))
  fsyncSync(descriptor)
  closeSync(descriptor)
  renameSync(`${file}.new`, file)
}

function fileOf(stateDir: string): string {
  return join(stateDir, 'state.json')
}
