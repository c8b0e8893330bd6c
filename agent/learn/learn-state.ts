import type { Table } from './table.ts'

/** What shall be learned of the guest behind a port device. */
export type LearnRequest = {
  readonly portDevice: string
  /** The same for the same NIC of the same guest, whatever its port device is called: MAC address and UUID of the owner. */
  readonly key: string
  readonly mac: string
  readonly ipv4: 'any' | 'dhcp' | 'none'
  readonly ipv6: 'any' | 'dhcp' | 'none'
  /** DHCPSERVER; empty for any server. */
  readonly servers: readonly string[]
}

/** An address that was seen on the wire. Times are ISO 8601; a lease without an end, or an address without a lease, has null. */
export type LearnedAddress = {
  /** As inet_ntop writes it. */
  readonly address: string
  readonly family: 'ipv4' | 'ipv6'
  readonly source: 'dhcp' | 'first-packet' | 'neighbour-discovery' | 'dhcpv6'
  /** Who gave the lease: DHCP option 54, or the source address of the answer. */
  readonly server: string | null
  readonly learnedAt: string
  readonly expiresAt: string | null
}

/** From the guest behind the port device, or on its way to it. */
export type FrameDirection = 'from-guest' | 'to-guest'

/** What an answer says, as far as it matters; two that are the same here are one answer. */
type AnswerMark = { readonly content: string; readonly at: number; readonly portDevice: string }

/** A question of a guest that a server may answer. `at` is in ms since the epoch. */
export type Asked = {
  readonly kind: 'dhcp' | 'dhcpv6'
  /** As parsed; within one kind it tells questions apart. */
  readonly id: string
  readonly type: number
  readonly at: number
  /** The address that was asked for: DHCP option 50, or ciaddr. */
  readonly address: string | null
  /** Answers that a guest was seen to send, the newest last. */
  readonly forged: readonly AnswerMark[]
}

/** What may still be heard at once, as of `at` in ms since the epoch. */
export type Bucket = { readonly tokens: number; readonly at: number }

/** A port device that is learned for. */
export type LearningDevice = {
  readonly request: LearnRequest
  /** Since when it has all addresses that it waits for, or waits; ms since the epoch. */
  readonly since: number
  readonly isLearned: boolean
  readonly isLate: boolean
  /** A packet of the guest has taught an address: no other will, as long as this request stands. */
  readonly hasSpoken: boolean
  /** The newest last. */
  readonly asked: readonly Asked[]
  readonly buckets: Readonly<Record<FrameDirection, Bucket>>
  /** Frames beyond the limit. */
  readonly ignored: number
  /** Why the last answer was refused, if none was taken since. */
  readonly refusal: string | null
}

/** Everything that is known of addresses. Plain data; `leases` is what outlives the agent. */
export type LearnState = {
  /** By the key of the request. */
  readonly leases: Table<readonly LearnedAddress[]>
  /** By port device. */
  readonly devices: Table<LearningDevice>
  /** When there is something to do at the earliest, ms since the epoch. */
  readonly due: number | null
}

/** Something that happened. `requests` are all that shall be learned from now on. */
export type LearnEvent =
  | { readonly kind: 'requests'; readonly requests: readonly LearnRequest[] }
  | {
      readonly kind: 'frame'
      readonly portDevice: string
      readonly direction: FrameDirection
      readonly frame: Uint8Array
    }
  | { readonly kind: 'tick' }

/** The next state, and the port devices whose set of addresses is another than before. */
export type Learned = { readonly state: LearnState; readonly changed: readonly string[] }

/** Nothing is learned, nothing shall be. */
export const EMPTY_LEARN_STATE: LearnState = { leases: {}, devices: {}, due: null }

/** Bounds: no guest makes the agent remember more than this. Times are in ms. */
export const LEARN_LIMITS = {
  framesPerSecond: 10,
  burst: 50,
  questions: 8,
  questionAge: 60_000,
  /** An answer is on its way from one port to another no longer than this. */
  forgedAge: 2_000,
  forgedAnswers: 8,
  /** Leases of DHCP for a guest. */
  ipv4: 8,
  /** Beside the others. */
  linkLocal: 2,
  /** Linux keeps an address and seven temporary ones for each prefix (RFC 8981), so this is two prefixes. */
  ipv6: 16,
  /** Guests that are not here any more and hold leases. */
  absent: 4096,
  late: 60_000,
  /** A lease that does not say how long it lasts. */
  lease: 3_600_000,
} as const
