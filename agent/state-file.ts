import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type AgentState, type AppliedDevice, EMPTY_STATE } from './reconcile/agent-state.ts'
import { type FilterTexts, internTexts } from './reconcile/filter-texts.ts'

/** A device as it is written: its filters by their place among all texts, which devices share. */
type Stored<Device> = Omit<Device, 'filters'> & { readonly filters: number }
type StoredState = Omit<AgentState, 'applied' | 'pending' | 'live'> & {
  readonly texts: readonly FilterTexts[]
  readonly applied: Readonly<Record<string, Stored<AppliedDevice>>>
  readonly pending: {
    readonly generation: string
    readonly devices: Readonly<Record<string, Stored<Omit<AppliedDevice, 'fingerprint'>> | null>>
  } | null
}

/** What the agent remembered last; empty where there is nothing, or nothing that can be read. */
export function readState(stateDir: string): AgentState {
  const state = readFile<StoredState>(fileOf(stateDir))
  const note = readFile<NonNullable<AgentState['pending']>>(noteOf(stateDir))
  const known = state === undefined ? EMPTY_STATE : unpack(state)
  return note === undefined ? known : { ...known, pending: note }
}

/** Writes the state so that a crash leaves the old file or the new one; a note about what it holds now is gone then. */
export function writeState(stateDir: string, state: AgentState): void {
  writeFile(fileOf(stateDir), pack(state))
  if (state.pending === null) rmSync(noteOf(stateDir), { force: true })
}

/** Writes down what is about to be done: as small as the change, however much the agent remembers. */
export function writeNote(stateDir: string, { pending }: AgentState): void {
  writeFile(noteOf(stateDir), pending)
}

function readFile<Content>(file: string): Content | undefined {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Content
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    console.error(`sluice agent: ${file} cannot be read and is left aside: ${error.message}`)
    return undefined
  }
}

function writeFile(file: string, content: unknown): void {
  const descriptor = openSync(`${file}.new`, 'w', 0o600)
  writeSync(descriptor, JSON.stringify(content))
  fsyncSync(descriptor)
  closeSync(descriptor)
  renameSync(`${file}.new`, file)
}

function noteOf(stateDir: string): string {
  return join(stateDir, 'pending.json')
}

function fileOf(stateDir: string): string {
  return join(stateDir, 'state.json')
}

function pack({ live: _, ...state }: AgentState): StoredState {
  const places = new Map<FilterTexts, number>()
  const store = <Device extends { readonly filters: FilterTexts }>(device: Device): Stored<Device> => {
    const place = places.get(device.filters) ?? places.size
    places.set(device.filters, place)
    return { ...device, filters: place }
  }
  const applied = mapValues(state.applied, store)
  const pending = state.pending && {
    ...state.pending,
    devices: mapValues(state.pending.devices, (device) => device && store(device)),
  }
  return { ...state, applied, pending, texts: [...places.keys()] }
}

function unpack({ texts, ...stored }: StoredState): AgentState {
  const shared = texts.map((filters) => internTexts(filters))
  const restore = <Device extends { readonly filters: number }>(device: Device) => ({
    ...device,
    filters: shared[device.filters] ?? [],
  })
  const applied = mapValues(stored.applied, restore)
  const pending = stored.pending && {
    ...stored.pending,
    devices: mapValues(stored.pending.devices, (device) => device && restore(device)),
  }
  return { ...EMPTY_STATE, ...stored, applied, pending, live: null }
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]))
}
