import type { Direction } from './direction.ts'
import type { TcpKind, TcpState } from './tcp-states.ts'

/** What one side has sent and may send (ip_ct_tcp_state). */
export type TcpSide = {
  end: number
  maxEnd: number
  maxWindow: number
  maxAck: number | undefined
  scale: number
  /** It has said that it scales windows. */
  scales: boolean
  sackPermitted: boolean
  /** The connection was met on its way: nothing is known of its windows. */
  liberal: boolean
  /** It was the first to close. */
  closed: boolean
}
/** What is known of a TCP connection (ip_ct_tcp). */
export type TcpTrack = {
  state: TcpState
  readonly sides: Readonly<Record<Direction, TcpSide>>
  /** The last segment that was taken, or ignored. */
  last: { kind: TcpKind; direction: Direction; end: number; window: number; acknowledged: number }
  /** What the last SYN that was ignored said in its options. */
  ignored: { scale: number; scales: boolean; sackPermitted: boolean }
  /** The answer to a SYN in LAST_ACK may be a challenge. RFC 5961. */
  expectsChallenge: boolean
  /** Both sides have sent a SYN. */
  simultaneous: boolean
}
