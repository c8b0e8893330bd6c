import { join } from 'node:path'
import type { HostState } from '../../agent/link/contract.ts'
import { deltaReader } from '../../agent/link/host-delta.ts'
import { dataDir } from '../store/store.ts'
import { agentClient } from './agent-client.ts'

/** `connected`: it reports. `silent`: it has reported and does so no more. `none`: it never did, or none was started. */
export type AgentStatus = 'connected' | 'silent' | 'none'
export type AgentReport = {
  readonly status: AgentStatus
  readonly state: HostState | undefined
  readonly receivedAt: number | undefined
}

type Watch = {
  readonly client: ReturnType<typeof agentClient>
  state: HostState | undefined
  receivedAt: number | undefined
  /** The connection broke, and nothing was heard since. */
  isCut: boolean
  readonly startedAt: number
  readonly listeners: Set<() => void>
}

/** It reports once a second; two missed reports and some grace mean that it is silent. A cut connection says so at once. */
const SILENT_AFTER_MS = 3000
const keep = globalThis as { sluiceAgent?: Watch }

/** The newest report of the agent, from one subscription that this process keeps and renews by itself. */
export function agentReport(): AgentReport {
  const { state, receivedAt, isCut } = watch()
  const isFresh = !isCut && receivedAt !== undefined && Date.now() - receivedAt < SILENT_AFTER_MS
  return { status: state === undefined ? 'none' : isFresh ? 'connected' : 'silent', state, receivedAt }
}

/** Settles when the agent has reported, or had the time to: before that nobody can say whether there is one. */
export async function firstWord(): Promise<void> {
  const { state, startedAt } = watch()
  const left = startedAt + SILENT_AFTER_MS - Date.now()
  if (state !== undefined || left <= 0 || process.env.SLUICE_AGENT === 'none') return
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer)
      leave()
      resolve()
    }
    const timer = setTimeout(done, left)
    const leave = onAgentReport(() => watch().state !== undefined && done())
  })
}

/** Calls back at each report; the result ends that. */
export function onAgentReport(listener: () => void): () => void {
  const { listeners } = watch()
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The client of this instance's agent. */
export function agent(): Watch['client'] {
  return watch().client
}

function watch(): Watch {
  keep.sluiceAgent ??= start()
  return keep.sluiceAgent
}

function start(): Watch {
  const own: Watch = {
    client: agentClient(join(dataDir(), 'agent.sock')),
    state: undefined,
    receivedAt: undefined,
    isCut: false,
    startedAt: Date.now(),
    listeners: new Set(),
  }
  if (process.env.SLUICE_AGENT !== 'none') subscribe(own)
  return own
}

function subscribe(own: Watch): void {
  let ended = false
  const again = () => {
    if (ended) return
    ended = true
    own.isCut = true
    for (const listener of own.listeners) listener()
    subscription.unsubscribe()
    setTimeout(() => subscribe(own), 500)
  }
  const read = deltaReader()
  const subscription = own.client.host.watch.subscribe(undefined, {
    onData: ({ data }) => {
      own.state = read(data)
      own.isCut = false
      own.receivedAt = Date.now()
      for (const listener of own.listeners) listener()
    },
    onError: again,
    onStopped: again,
    onComplete: again,
    // A killed agent leaves a connection that only fails to be made again.
    onConnectionStateChange: ({ state, error }) => {
      if (state === 'connecting' && error !== null) again()
    },
  })
}
