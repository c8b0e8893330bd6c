import { expect, test } from 'vitest'
import { openWindow } from '../../agent/host/windows.ts'
import type { AgentState, ApplyReason } from '../../agent/reconcile/agent-state.ts'
import { EMPTY_STATE, UNWRITTEN } from '../../agent/reconcile/agent-state.ts'
import type { NftObservation, Observation } from '../../agent/reconcile/observation.ts'
import { type AgentEvent, reconcile } from '../../agent/reconcile/reconcile.ts'
import type { TableChange } from '../../agent/reconcile/table-change.ts'
import { expiredWindow } from '../../agent/reconcile/windows.ts'
import { makeRandom, seedOfRun } from '../support/random.ts'

/**
 * The state machine over a kernel that is a map from devices to texts: random applies, windows, flushes by others, refusals, crashes at any
 * point, and time. Whatever came, when it is quiet the kernel holds what was applied and confirmed.
 */

const RUNS = 300
const STEPS = 40
const NAMES = ['vnet0', 'vnet1', 'vnet2'] as const
const seed = seedOfRun(20261125)
console.log(`the state machine of the agent: ${RUNS} runs, SLUICE_SEED=${seed}`)

type Kernel = { generation: string | undefined; devices: Map<string, string>; handles: number }
type Wish = { readonly devices: Readonly<Record<string, string>>; readonly clear: readonly string[] }

function world(random: () => number) {
  let state: AgentState = EMPTY_STATE
  let now = Date.UTC(2026, 0, 1)
  const kernel: Kernel = { generation: undefined, devices: new Map(), handles: 0 }
  let heals = 0
  const iso = () => new Date(now).toISOString()
  const send = (event: AgentEvent) => {
    const { state: next, effects } = reconcile(state, event, iso())
    state = next
    if (effects.includes('heal')) heal()
  }
  const look = () => send({ kind: 'observed', observation: observe(kernel), since: iso() })
  /** Where the agent may die: before the kernel has it, behind, or not at all. */
  const apply = (
    wish: Wish,
    why: ApplyReason,
    { confirmWithin, closes = null }: { confirmWithin?: number; closes?: string | null } = {},
  ) => {
    const after = new Map(Object.entries(state.applied).map(([name, { bindingXml }]) => [name, bindingXml]))
    for (const [name, text] of Object.entries(wish.devices)) after.set(name, text)
    for (const name of wish.clear) after.delete(name)
    const generation = hashOf(after)
    const names = [...Object.keys(wish.devices), ...wish.clear]
    const opens = openWindow(state, names, { confirmWithin })
    const window = opens && {
      ...opens,
      openedAt: iso(),
      until: new Date(now + (confirmWithin ?? 0) * 1000).toISOString(),
    }
    const devices = Object.entries(wish.devices).map(([portDevice, bindingXml]) => ({
      portDevice,
      bindingXml,
      filter: 'f',
      filters: [],
    }))
    send({ kind: 'applying', devices, clear: wish.clear, generation, broken: {}, opens: window, closes, why, by: null })
    const fate = random()
    if (fate < 0.05) return crash()
    if (fate < 0.1) return send({ kind: 'refused', raw: 'no' })
    kernel.generation = after.size === 0 ? undefined : generation
    kernel.devices = after
    kernel.handles += 1
    if (fate < 0.15) return crash()
    send({ kind: 'applied', backend: 'nftables', fresh: 'none' })
    now += 1
    look()
  }
  const heal = () => {
    heals += 1
    apply({ devices: {}, clear: [] }, 'healing')
  }
  /** What is written down survives: everything but what is marked, and the note. */
  const crash = () => {
    state = { ...(JSON.parse(JSON.stringify({ ...state, ...UNWRITTEN })) as AgentState), ...UNWRITTEN }
    now += 1000
    look()
  }
  const flush = () => {
    kernel.generation = undefined
    kernel.devices = new Map()
    now += 5
    send({ kind: 'tables-changed', change: FLUSH })
    look()
  }
  const pass = (seconds: number) => {
    now += seconds * 1000
    const window = expiredWindow(state, iso())
    if (window !== undefined) takeBack(window.id)
    look()
  }
  const takeBack = (id: string) => {
    const before = state.windows[id]?.before ?? {}
    const devices = Object.fromEntries(
      Object.entries(before).flatMap(([name, device]) => (device === null ? [] : [[name, device.bindingXml]])),
    )
    apply({ devices, clear: Object.keys(before).filter((name) => before[name] === null) }, 'rolling-back', {
      closes: id,
    })
  }
  return { state: () => state, kernel, send, look, apply, crash, flush, pass, heals: () => heals, iso }
}

const FLUSH: TableChange = {
  number: 1,
  process: { pid: 1, name: 'nft' },
  mark: undefined,
  tables: new Map([['bridge sluice', { counts: new Map([['delete table', 1]]), names: new Map() }]]),
}

test('when it is quiet the kernel holds what was applied and confirmed', () => {
  let [applies, crashes, flushes, healed, windows] = [0, 0, 0, 0, 0]
  for (let run = 0; run < RUNS; run += 1) {
    const draw = makeRandom(seed + run)
    const w = world(draw.next)
    w.look()
    for (let step = 0; step < STEPS; step += 1) {
      const kind = draw.next()
      if (kind < 0.4) {
        const names = NAMES.filter(() => draw.next() < 0.5)
        const isBusy = Object.values(w.state().windows).some(({ before }) =>
          names.some((name) => Object.hasOwn(before, name)),
        )
        if (names.length === 0 || isBusy) continue
        const clear = names.filter(() => draw.next() < 0.3)
        const devices = Object.fromEntries(
          names.filter((name) => !clear.includes(name)).map((name) => [name, `${name} ${step}`]),
        )
        const confirmWithin = draw.next() < 0.4 ? 30 : undefined
        if (confirmWithin !== undefined) windows += 1
        applies += 1
        w.apply({ devices, clear }, 'asked', confirmWithin === undefined ? {} : { confirmWithin })
      } else if (kind < 0.5) {
        const [id] = Object.keys(w.state().windows)
        if (id !== undefined) w.send({ kind: 'confirmed', id, by: null })
      } else if (kind < 0.6) {
        flushes += 1
        w.flush()
      } else if (kind < 0.7) {
        crashes += 1
        w.crash()
      } else w.pass(draw.next() * 20)
      expect(w.state().pending).toBeNull()
    }
    // Every window ends, and what fought is forgotten. A fate may still strike, so it is given time.
    for (let rest = 0; rest < 40; rest += 1) w.pass(60)
    w.send({ kind: 'heal-pause', until: null, reason: 'quiet' })
    for (let rest = 0; rest < 40; rest += 1) w.pass(400)
    const texts = Object.entries(w.state().applied).map(([name, { bindingXml }]) => [name, bindingXml] as const)
    expect(Object.fromEntries(w.kernel.devices)).toEqual(Object.fromEntries(texts))
    expect(w.state()).toMatchObject({ windows: {}, pending: null, healing: { drift: null } })
    const { timeline } = w.state()
    expect(timeline.map(({ number }) => number)).toEqual(timeline.map((_, at) => (timeline[0]?.number ?? 0) + at))
    healed += w.heals()
  }
  console.log(JSON.stringify({ applies, crashes, flushes, healed, windows }))
  expect([applies, crashes, flushes, healed, windows].every((count) => count > RUNS)).toBe(true)
})

test('a machine that is lost heals nothing, until the kernel proves what it remembers', () => {
  const draw = () => 0.9
  const w = world(draw)
  w.look()
  w.apply({ devices: { vnet0: 'a' }, clear: [] }, 'asked')
  const lost = { ...w.state(), ...UNWRITTEN, generation: 'older', lostAt: w.iso() }
  const seen = reconcile(lost, { kind: 'observed', observation: observe(w.kernel), since: w.iso() }, w.iso())
  expect(seen.state.healing.drift).toBeNull()
  expect(seen.effects).not.toContain('heal')
  const proven = reconcile(
    { ...w.state(), lostAt: w.iso() },
    { kind: 'observed', observation: observe(w.kernel), since: w.iso() },
    w.iso(),
  )
  expect(proven.state.lostAt).toBeNull()
})

function hashOf(devices: ReadonlyMap<string, string>): string {
  return devices.size === 0 ? '' : [...devices].toSorted().join(';')
}

function observe({ generation, devices, handles }: Kernel): Observation {
  const nft: NftObservation = {
    generation,
    chains: [],
    handles: new Map(),
    frame: generation === undefined ? '' : `frame ${handles}`,
    own: [],
    counters: [],
    devices: new Map([...devices].map(([name, text]) => [name, { elements: [text], entries: [] }])),
  }
  return { chains: [], nft, portDevices: [...NAMES], bridges: new Map(), foreign: [], bridgeNetfilter: [] }
}
