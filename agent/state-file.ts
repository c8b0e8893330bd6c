import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
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
  const file = fileOf(stateDir)
  if (!existsSync(file)) return EMPTY_STATE
  try {
    return unpack(JSON.parse(readFileSync(file, 'utf8')) as StoredState)
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error
    console.error(`sluice agent: ${file} cannot be read and is left aside: ${error.message}`)
    return EMPTY_STATE
  }
}

/** Writes the state so that a crash leaves the old file or the new one. */
export function writeState(stateDir: string, state: AgentState): void {
  const file = fileOf(stateDir)
  const descriptor = openSync(`${file}.new`, 'w', 0o600)
  writeSync(descriptor, JSON.stringify(pack(state)))
  fsyncSync(descriptor)
  closeSync(descriptor)
  renameSync(`${file}.new`, file)
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
