import type { TimelineEntry } from '../link/contract.ts'
import { adopt } from './adopt.ts'
import type { AgentState, Live } from './agent-state.ts'
import { causeOf } from './cause-of.ts'
import { addCounts, ruleKeys } from './count.ts'
import { fingerprintOf } from './device-view.ts'
import type { Reconciled } from './effect.ts'
import { type FoundDrift, findDrift, frameText } from './find-drift.ts'
import { decideHeal, type Healing, MOST_HEALS, recentHeals } from './healing.ts'
import type { Observation } from './observation.ts'
import { addEntry } from './timeline.ts'

/** A transaction of somebody else that is heard of so shortly behind a look may have come before it: what it showed proves nothing. */
const DOUBT_MS = 1000

/** `since`: when the look began. */
type Look = { readonly observation: Observation; readonly since: string }

/** The kernel was looked at: counts are added, what was pending is settled, and drift is found and healed as the policy says. */
export function observed(before: AgentState, { observation, since }: Look, now: string): Reconciled {
  const settled = remember(settle(before, observation), observation)
  const live = liveOf(settled, observation)
  // What is heard while the kernel is read may have come before that or after: the next look tells.
  const isOverheard = settled.touched !== null && settled.touched.at > since
  const isDoubtful = !isOverheard && isInDoubt(settled, observation, now)
  const seen: AgentState = {
    ...withBaseline(settled, { live, observation, now, isDoubtful: isDoubtful || isOverheard }),
    totals: addCounts(settled, observation),
    countersSince: settled.countersSince ?? now,
    live,
  }
  const doubt = {
    portDevices: Object.keys(seen.applied),
    differences: ['Somebody touched our tables while they were loaded.'],
  }
  const drift = findDrift(seen) ?? (isDoubtful && Object.keys(seen.applied).length > 0 ? doubt : undefined)
  // What touched our tables is looked into when their contents were read.
  const isTerse = observation.nft !== undefined && observation.nft.devices === undefined
  const touched = isTerse || isOverheard ? seen.touched : null
  const { state, isHealing } = judge(
    tellBridges(tellForeign({ ...seen, touched }, settled, now), settled, now),
    drift,
    { touched: seen.touched, now },
  )
  // What was found out by looking is written down, so that it is known after a crash.
  const isNews = [
    state.timeline !== before.timeline,
    state.frame !== before.frame,
    state.applied !== before.applied,
    state.pending !== before.pending,
  ].includes(true)
  return {
    state,
    effects: [
      ...(drift === undefined ? [] : (['distrust'] as const)),
      ...(isNews ? (['persist'] as const) : []),
      'publish',
      ...(isHealing ? (['heal'] as const) : []),
    ],
  }
}

/** The number of a bridge that was there. */
const GONE = 0

function bridgesNow(live: Live | null, bridges: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...[...(live?.bridges.keys() ?? [])].map((name) => [name, GONE] as const), ...bridges])
}

/** Contents of sets, and what others have, are read now and then; what was there then is what is known. */
function liveOf(
  { live }: AgentState,
  { chains, nft, portDevices, bridges, foreign, bridgeNetfilter }: Observation,
): Live {
  return {
    chains,
    nft: nft && { ...nft, devices: nft.devices ?? live?.nft?.devices, own: nft.own ?? live?.nft?.own },
    portDevices: portDevices ?? live?.portDevices ?? [],
    bridges: bridges === undefined ? (live?.bridges ?? new Map()) : bridgesNow(live, bridges),
    foreign: foreign ?? live?.foreign ?? [],
    bridgeNetfilter: bridgeNetfilter ?? live?.bridgeNetfilter,
  }
}

/** Whether somebody else may have changed our tables between our transaction and the look behind it. */
function isInDoubt(
  { touched, baseline, frame, backend, lostAt }: AgentState,
  { nft }: Observation,
  now: string,
): boolean {
  if (touched === null || backend !== 'nftables' || nft?.devices === undefined || lostAt !== null) return false
  return frame === null || (baseline !== null && Date.parse(now) - Date.parse(baseline.at) < DOUBT_MS)
}

/** What the tables look like when they are looked at for the first time since they were loaded is what they shall look like. */
function withBaseline(
  state: AgentState,
  what: { readonly live: Live; readonly observation: Observation; readonly now: string; readonly isDoubtful: boolean },
): AgentState {
  const { live, observation, now, isDoubtful } = what
  const { nft } = observation
  const isKnown = nft === undefined || (nft.devices !== undefined && nft.generation === state.generation && !isDoubtful)
  if (!isKnown) return state
  const isFirst = state.frame === null || Object.values(state.applied).some(({ fingerprint }) => fingerprint === null)
  if (!isFirst) return state
  const applied = Object.entries(state.applied).map(([name, device]) => [
    name,
    device.fingerprint === null ? { ...device, fingerprint: fingerprintOf(live, name) } : device,
  ])
  return {
    ...state,
    applied: Object.fromEntries(applied),
    frame: nft === undefined ? '' : frameText(nft),
    baseline: nft === undefined ? null : { nft, at: now },
  }
}

type Judged = { readonly state: AgentState; readonly isHealing: boolean }

/** Tells of drift that came or went, and decides what to do about it. */
function judge(
  state: AgentState,
  found: FoundDrift | undefined,
  { touched, now }: { readonly touched: AgentState['touched']; readonly now: string },
): Judged {
  const { healing } = state
  if (found === undefined) {
    if (healing.drift === null) return { state, isHealing: false }
    const took = Date.parse(now) - Date.parse(healing.drift.since)
    const healed = state.madeAt !== null && state.madeAt >= healing.drift.since
    const text = healed ? `Healed after ${took} ms.` : 'The drift is gone, and nobody here healed it.'
    const kind = healed ? 'healed' : 'gone'
    return {
      state: tell(
        { ...state, healing: { ...healing, drift: null } },
        { kind, text, portDevices: healing.drift.portDevices },
        now,
      ),
      isHealing: false,
    }
  }
  const isNew = healing.drift === null
  const since = healing.drift?.since ?? touched?.at ?? now
  const cause = isNew || touched !== null ? causeOf(touched?.change) : (healing.drift?.cause ?? '')
  const drift = { since, cause, differences: found.differences, portDevices: found.portDevices }
  const drifted: AgentState = { ...state, healing: { ...healing, drift } }
  const told = isNew
    ? tell(
        drifted,
        { kind: 'drift', text: `${cause} ${found.differences[0] ?? ''}`.trim(), portDevices: found.portDevices },
        now,
      )
    : drifted
  return healOrNot(told, now)
}

function healOrNot(state: AgentState, now: string): Judged {
  const { healing } = state
  const decision = state.pending === null && !state.isHealing ? decideHeal(healing, now) : 'wait'
  if (decision === 'wait') return { state, isHealing: false }
  const portDevices = healing.drift?.portDevices ?? []
  if (decision === 'stop') {
    const text = `Something fights with us: healed ${MOST_HEALS} times within five minutes, and it drifted again. Nothing is healed any more until somebody asks for it. ${healing.drift?.cause ?? ''}`
    const stopped: Healing = { ...healing, stoppedAt: now }
    return { state: tell({ ...state, healing: stopped }, { kind: 'alarm', text, portDevices }, now), isHealing: false }
  }
  const heals = [...recentHeals(healing, now), now]
  return {
    state: { ...state, isHealing: true, healing: { ...healing, heals, pausedUntil: null, pauseReason: null } },
    isHealing: true,
  }
}

/** Tells of rules of others that came in front of ours. */
function tellForeign(state: AgentState, { live: before }: AgentState, now: string): AgentState {
  if (before === null || Object.keys(state.applied).length === 0) return state
  const nameOf = ({ family, table, chain }: Live['foreign'][number]) => `${family} ${table} ${chain}`
  const known = new Set(before.foreign.filter(({ isAhead }) => isAhead).map(nameOf))
  const come = (state.live?.foreign ?? []).filter((chain) => chain.isAhead && !known.has(nameOf(chain)))
  if (come.length === 0) return state
  const text = `Rules of somebody else stand in front of ours: ${come.map(nameOf).join(', ')}. They are left as they are.`
  return tell(state, { kind: 'foreign', text, portDevices: [] }, now)
}

/** Tells of bridges that were made anew, or that are gone. Rules are bound to the names of ports, and stand all the time. */
function tellBridges(state: AgentState, { live: before }: AgentState, now: string): AgentState {
  let told = state
  for (const [name, number] of before?.bridges ?? []) {
    const is = state.live?.bridges.get(name)
    if (is === number) continue
    const text =
      is === GONE
        ? `Bridge ${name} is gone, or has no ports any more. Rules are bound to the names of ports, and stay.`
        : `Bridge ${name} was made anew. Rules are bound to the names of ports, and stood all the time.`
    told = tell(told, { kind: 'link', text, portDevices: [] }, now)
  }
  return told
}

function tell(state: AgentState, entry: Omit<TimelineEntry, 'number' | 'at'>, now: string): AgentState {
  return { ...state, timeline: addEntry(state.timeline, { at: now, ...entry }) }
}

/** After a crash between two notes the kernel holds the old state or the new one, never a mixture. */
function settle(state: AgentState, observation: Observation): AgentState {
  if (state.pending === null) return state
  const switched =
    observation.nft === undefined
      ? isSwitched(state, observation)
      : observation.nft.generation === state.pending.generation
  return switched ? adopt(state) : { ...state, pending: null }
}

/** The kernel holds what an older copy remembers: then that is the truth. */
function remember(state: AgentState, { nft }: Observation): AgentState {
  const isProven = nft === undefined || (nft.generation !== undefined && nft.generation === state.generation)
  return state.lostAt !== null && isProven ? { ...state, lostAt: null } : state
}

/** A device that does not look as it did before, but has the chains and rule counts of what was pending, was switched. */
function isSwitched(state: AgentState, observation: Observation): boolean {
  const live = { ...observation, nft: undefined }
  return Object.entries(state.pending?.devices ?? {}).every(([name, pending]) => {
    const now = fingerprintOf(live, name)
    if (now === (state.applied[name]?.fingerprint ?? '')) return false
    if (pending === null) return now === ''
    const keys = ruleKeys(name, pending)
    return [...keys].every(
      ([chain, rules]) => observation.chains.find((one) => one.name === chain)?.rules.length === rules.length,
    )
  })
}
