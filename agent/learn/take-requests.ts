import { isAllowedServer } from './is-allowed-server.ts'
import {
  LEARN_LIMITS,
  type LearnedAddress,
  type LearningDevice,
  type LearnRequest,
  type LearnState,
} from './learn-state.ts'
import { table } from './table.ts'

/**
 * Learns for these from now on, and for no others. A lease stays until it ends, also of a guest that is gone and may come back;
 * what a guest chose for itself goes with its request, and so does a lease of a server that DHCPSERVER does not name any more.
 */
export function takeRequests(state: LearnState, requests: readonly LearnRequest[], now: number): LearnState {
  const devices = table.from(requests.map((request) => [request.portDevice, deviceOf(state, request, now)] as const))
  const byKey = Map.groupBy(requests, ({ key }) => key)
  const kept = table.entries(state.leases).flatMap(([key, addresses]) => {
    const left = addresses.filter((address) => stays(address, byKey.get(key)))
    if (left.length === 0) return []
    return [[key, left.length === addresses.length ? addresses : left] as const]
  })
  return { ...state, devices, leases: table.from(dropOldest(kept, byKey)) }
}

function deviceOf({ devices }: LearnState, request: LearnRequest, now: number): LearningDevice {
  const mac = request.mac.toLowerCase()
  const known = table.get(devices, request.portDevice)
  if (known?.request.key === request.key && known.request.mac === mac) return { ...known, request: { ...request, mac } }
  const bucket = { tokens: LEARN_LIMITS.burst, at: now }
  return {
    request: { ...request, mac },
    since: now,
    isLearned: false,
    isLate: false,
    hasSpoken: false,
    asked: [],
    buckets: { 'from-guest': bucket, 'to-guest': bucket },
    ignored: 0,
    refusal: null,
  }
}

function stays({ source, server, family }: LearnedAddress, requests: readonly LearnRequest[] | undefined): boolean {
  const isLease = source === 'dhcp' || source === 'dhcpv6'
  if (requests === undefined) return isLease
  return requests.some((request) =>
    isLease ? isAllowedServer(request.servers, server, family) : request[family] === 'any',
  )
}

type Entry = readonly [key: string, addresses: readonly LearnedAddress[]]

/** Of guests that are gone, those learned longest ago are forgotten when there are too many. */
function dropOldest(entries: readonly Entry[], present: ReadonlyMap<string, unknown>): readonly Entry[] {
  const absent = entries.filter(([key]) => !present.has(key))
  if (absent.length <= LEARN_LIMITS.absent) return entries
  const newest = absent.toSorted(([, a], [, b]) => lastOf(b).localeCompare(lastOf(a))).slice(0, LEARN_LIMITS.absent)
  return [...entries.filter(([key]) => present.has(key)), ...newest]
}

function lastOf(addresses: readonly LearnedAddress[]): string {
  const times = addresses.map(({ learnedAt }) => learnedAt)
  return times.sort().at(-1) ?? ''
}
