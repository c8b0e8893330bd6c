import type { BackendName, HealPolicy, TimelineEntry } from '../link/contract.ts'
import { adopt } from './adopt.ts'
import type { AgentState, PendingChange } from './agent-state.ts'
import type { DesiredDevice } from './compile-desired.ts'
import { forgetSeen, withoutSeen } from './count.ts'
import type { Reconciled } from './effect.ts'
import type { Observation } from './observation.ts'
import { observed } from './observed.ts'
import { sayApplied } from './say-applied.ts'
import type { TableChange } from './table-change.ts'
import { tablesChanged } from './tables-changed.ts'
import { addEntry } from './timeline.ts'

export type AgentEvent =
  /** `since`: when the look began. */
  | { readonly kind: 'observed'; readonly observation: Observation; readonly since: string }
  /** Somebody gave nf_tables a transaction; our own ones are heard too. */
  | { readonly kind: 'tables-changed'; readonly change: TableChange }
  /** Network devices came, went, or changed. */
  | { readonly kind: 'links-changed' }
  /** A transaction is about to be given to the kernel. */
  | ({ readonly kind: 'applying'; readonly devices: readonly Device[]; readonly clear: readonly string[] } & Omit<
      PendingChange,
      'devices'
    >)
  /** A device is to have rules of its own, or no more. */
  | { readonly kind: 'observing'; readonly portDevice: string; readonly isObserved: boolean }
  /** The kernel took it. `fresh`: the counters that begin anew. */
  | { readonly kind: 'applied'; readonly backend: BackendName; readonly fresh: 'devices' | 'all' | 'none' }
  /** The kernel refused it: everything is as before. */
  | { readonly kind: 'refused'; readonly raw: string }
  /** What was applied could not be made again. */
  | { readonly kind: 'heal-failed'; readonly raw: string }
  | { readonly kind: 'broken'; readonly broken: PendingChange['broken'] }
  | { readonly kind: 'confirmed'; readonly id: string; readonly by: string | null }
  | { readonly kind: 'extended'; readonly id: string; readonly seconds: number; readonly by: string | null }
  | { readonly kind: 'heal-policy'; readonly policy: HealPolicy }
  /** Nothing is healed until then; null lifts the pause, and a stop after a fight. */
  | { readonly kind: 'heal-pause'; readonly until: string | null; readonly reason: string }
  /** Something that people should know. */
  | ({ readonly kind: 'told' } & Pick<TimelineEntry, 'text' | 'portDevices'> & { readonly what: TimelineEntry['kind'] })
  | { readonly kind: 'boot'; readonly boot: string }

/** What is heard of our own transactions comes a little later. */
const MOST_SENT = 32
type Device = Pick<DesiredDevice, 'portDevice' | 'filter' | 'bindingXml' | 'filters'>

/** The agent's state machine: pure, time is passed in (ISO 8601). Effects are performed by the caller, in order. */
export function reconcile(state: AgentState, event: AgentEvent, now: string): Reconciled {
  const told = (what: TimelineEntry['kind'], text: string, portDevices: readonly string[]) =>
    addEntry(state.timeline, { at: now, kind: what, text, portDevices })
  switch (event.kind) {
    case 'observed':
      return observed(state, event, now)
    case 'tables-changed':
      return tablesChanged(state, event.change, now)
    case 'links-changed':
      return { state, effects: ['glance'] }
    case 'applying':
      return applying(state, event, now)
    case 'observing': {
      const others = state.observed.filter((name) => name !== event.portDevice)
      const names = event.isObserved ? [...others, event.portDevice] : others
      return { state: { ...state, observed: names }, effects: ['persist'] }
    }
    case 'applied':
      return applied(state, event, now)
    case 'refused': {
      const names = Object.keys(state.pending?.devices ?? {})
      const timeline = told('refused', `The kernel refused the rules, and the previous ones stand: ${event.raw}`, names)
      return { state: { ...state, pending: null, timeline, isHealing: false }, effects: ['persist', 'publish'] }
    }
    case 'heal-failed': {
      const timeline = told('alarm', `It cannot be healed: ${event.raw}`, state.healing.drift?.portDevices ?? [])
      return { state: { ...state, timeline, isHealing: false }, effects: ['persist', 'publish'] }
    }
    case 'broken': {
      const names = Object.keys(event.broken).filter((name) => event.broken[name] !== null)
      if (names.length === 0) return { state: withBroken(state, event.broken), effects: ['persist'] }
      const timeline = told('broken', sayBroken(event.broken), names)
      return { state: { ...withBroken(state, event.broken), timeline }, effects: ['persist', 'publish'] }
    }
    case 'confirmed': {
      const { [event.id]: window, ...windows } = state.windows
      if (window === undefined) return { state, effects: [] }
      const text = `The change was confirmed${event.by === null ? '' : ` by ${event.by}`}, and stays.`
      const timeline = told('confirmed', text, Object.keys(window.before))
      return { state: { ...state, windows, timeline }, effects: ['persist', 'publish'] }
    }
    case 'extended':
      return extended(state, event, now)
    case 'heal-policy': {
      const timeline = told('healing', `Drift is healed ${sayPolicy(event.policy)} from now on.`, [])
      return {
        state: { ...state, timeline, healing: { ...state.healing, policy: event.policy } },
        effects: ['persist', 'look'],
      }
    }
    case 'heal-pause':
      return healPause(state, event, now)
    case 'told':
      return {
        state: { ...state, timeline: told(event.what, event.text, event.portDevices) },
        effects: ['persist', 'publish'],
      }
    case 'boot':
      return { state: { ...state, boot: event.boot }, effects: [] }
  }
}

function applying(state: AgentState, event: Extract<AgentEvent, { kind: 'applying' }>, now: string): Reconciled {
  const { kind: _, devices: wanted, clear, ...change } = event
  const entries = wanted.map(
    ({ portDevice, filter, bindingXml, filters }) => [portDevice, { at: now, filter, bindingXml, filters }] as const,
  )
  const devices = Object.fromEntries([...entries, ...clear.map((portDevice) => [portDevice, null] as const)])
  const sent = [...state.sent, { generation: change.generation, at: now }].slice(-MOST_SENT)
  return { state: { ...state, sent, pending: { ...change, devices } }, effects: ['note'] }
}

function applied(
  state: AgentState,
  { backend, fresh }: Extract<AgentEvent, { kind: 'applied' }>,
  now: string,
): Reconciled {
  const { pending } = state
  const names = Object.keys(pending?.devices ?? {})
  const forget = (before: AgentState) =>
    fresh === 'devices' ? forgetSeen(before, names) : withoutSeen(before.totals, () => fresh === 'all')
  const adopted = adopt({ ...state, totals: forget(state) })
  const entry = pending && sayApplied(pending, state)
  const timeline = entry ? addEntry(state.timeline, { at: now, ...entry }) : state.timeline
  return {
    state: { ...adopted, backend, totals: forget(adopted), timeline, madeAt: now, isHealing: false },
    // What it became is told by the look that follows.
    effects: ['persist'],
  }
}

function withBroken(state: AgentState, changes: PendingChange['broken']): AgentState {
  const broken = { ...state.broken }
  for (const [name, binding] of Object.entries(changes)) {
    if (binding === null) delete broken[name]
    else broken[name] = binding
  }
  return { ...state, broken }
}

function sayBroken(broken: PendingChange['broken']): string {
  return Object.entries(broken)
    .flatMap(([name, binding]) => {
      if (binding === null) return []
      const has = {
        kept: 'it keeps its last good rules',
        dropped: 'nothing passes',
        open: 'it has no rules, so everything passes',
      }
      return [`The binding of ${name} cannot be compiled; ${has[binding.effect]}. ${binding.errors.join(' ')}`]
    })
    .join(' ')
}

function extended(
  state: AgentState,
  { id, seconds, by }: Extract<AgentEvent, { kind: 'extended' }>,
  now: string,
): Reconciled {
  const window = state.windows[id]
  if (window === undefined) return { state, effects: [] }
  const until = new Date(Date.parse(window.until) + seconds * 1000).toISOString()
  const text = `${by ?? 'Somebody'} gave ${seconds} seconds more: without a confirmation the change goes back at ${until}.`
  const timeline = addEntry(state.timeline, {
    at: now,
    kind: 'window-extended',
    text,
    portDevices: Object.keys(window.before),
  })
  return {
    state: { ...state, timeline, windows: { ...state.windows, [id]: { ...window, until } } },
    effects: ['persist', 'publish'],
  }
}

function healPause(
  state: AgentState,
  { until, reason }: Extract<AgentEvent, { kind: 'heal-pause' }>,
  now: string,
): Reconciled {
  const text = until === null ? `Healing goes on: ${reason}` : `Nothing is healed until ${until}: ${reason}`
  const timeline = addEntry(state.timeline, { at: now, kind: 'healing', text, portDevices: [] })
  const pause = { pausedUntil: until, pauseReason: until === null ? null : reason }
  const lifted = until === null ? { stoppedAt: null, heals: [] } : {}
  return {
    state: { ...state, timeline, healing: { ...state.healing, ...pause, ...lifted } },
    effects: ['persist', 'look'],
  }
}

function sayPolicy(policy: HealPolicy): string {
  return policy.kind === 'now'
    ? 'at once'
    : policy.kind === 'ask'
      ? 'only when somebody asks for it'
      : `after ${policy.seconds} s`
}
