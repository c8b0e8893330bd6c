import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { log } from '../log.ts'
import { type AgentState, EMPTY_STATE, type PendingChange, UNWRITTEN } from '../reconcile/agent-state.ts'
import { type FilterTexts, internTexts } from '../reconcile/filter-texts.ts'
import { addEntry } from '../reconcile/timeline.ts'
import { readDurable, writeDurable } from './durable-file.ts'

/**
 * What the agent remembered last; empty where there is nothing. Damaged files are set aside and told of: what the kernel holds is then
 * not known until it turns out to be what is remembered, and stays as it is.
 */
export function readState(stateDir: string, now: string): AgentState {
  const stamp = now.replaceAll(/\W/g, '')
  const stored = readDurable(fileOf(stateDir), stamp)
  const note = readDurable(noteOf(stateDir), stamp)
  const damaged = [...stored.setAside, ...note.setAside]
  const state: AgentState =
    stored.text === undefined ? EMPTY_STATE : { ...EMPTY_STATE, ...unpack<AgentState>(stored.text), ...UNWRITTEN }
  const pending = note.text === undefined ? null : unpack<PendingChange | null>(note.text)
  if (damaged.length === 0) return { ...state, pending }
  const files = damaged.map(({ file, problem }) => `${file} (${problem})`).join(', ')
  const taken = stored.text === undefined ? 'Nothing is remembered' : 'The copy before it was taken'
  const text = `Files of the agent were damaged and are set aside: ${files}. ${taken}. The rules in the kernel stay as they are.`
  log('error', 'memory', { text })
  const timeline = addEntry(state.timeline, { at: now, kind: 'memory', text, portDevices: [] })
  return { ...state, pending, timeline, lostAt: now }
}

/** Writes the state so that a crash leaves the old file or the new one; a note about what it holds now is gone then. */
export function writeState(stateDir: string, state: AgentState): void {
  writeDurable(fileOf(stateDir), pack(withoutLive(state)), { header: true, previous: true, sync: true })
  if (state.pending === null) rmSync(noteOf(stateDir), { force: true })
}

/**
 * Writes down what is about to be done: as small as the change, however much the agent remembers. It is read when the agent died and the
 * kernel did not, so it need not wait for the disk.
 */
export function writeNote(stateDir: string, { pending }: AgentState): void {
  writeDurable(noteOf(stateDir), pack(pending), { header: true, previous: false, sync: false })
}

function noteOf(stateDir: string): string {
  return join(stateDir, 'pending.json')
}

function fileOf(stateDir: string): string {
  return join(stateDir, 'state.json')
}

function withoutLive(state: AgentState): AgentState {
  // What is pending stands in the note alone.
  return { ...state, ...UNWRITTEN, pending: null }
}

/** Two lines of JSON: the filters, which devices share and name by their place among all, and the rest. */
function pack(value: unknown): string {
  const places = new Map<FilterTexts, number>()
  const rest = JSON.stringify(value, (key, part: unknown) => {
    if (key !== 'filters' || !Array.isArray(part)) return part
    const place = places.get(part) ?? places.size
    places.set(part, place)
    return place
  })
  return `${JSON.stringify([...places.keys()])}\n${rest}\n`
}

function unpack<Value>(text: string): Value {
  const [texts = '[]', rest = 'null'] = text.split('\n')
  const shared = (JSON.parse(texts) as readonly FilterTexts[]).map((filters) => internTexts(filters))
  return JSON.parse(rest, (key, part: unknown) =>
    key === 'filters' && typeof part === 'number' ? (shared[part] ?? []) : part,
  ) as Value
}
