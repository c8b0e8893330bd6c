import type { Direction } from './direction.ts'

const STATES = [
  'NONE',
  'CLOSED',
  'COOKIE_WAIT',
  'COOKIE_ECHOED',
  'ESTABLISHED',
  'SHUTDOWN_SENT',
  'SHUTDOWN_RECD',
  'SHUTDOWN_ACK_SENT',
  'HEARTBEAT_SENT',
] as const
/** States of an SCTP association, as conntrack names them. */
export type SctpState = (typeof STATES)[number]

/** Types of chunks. RFC 9260. */
export const CHUNK = {
  data: 0,
  init: 1,
  initAck: 2,
  heartbeat: 4,
  heartbeatAck: 5,
  abort: 6,
  shutdown: 7,
  shutdownAck: 8,
  error: 9,
  cookieEcho: 10,
  cookieAck: 11,
  shutdownComplete: 14,
} as const

const WORDS: Readonly<Record<string, SctpState>> = {
  cl: 'CLOSED',
  cw: 'COOKIE_WAIT',
  ce: 'COOKIE_ECHOED',
  es: 'ESTABLISHED',
  ss: 'SHUTDOWN_SENT',
  sr: 'SHUTDOWN_RECD',
  sa: 'SHUTDOWN_ACK_SENT',
  hs: 'HEARTBEAT_SENT',
}
type Row = readonly [chunk: number, original: string, reply: string]
/** A column for each of STATES (nf_conntrack_proto_sctp, sctp_conntracks); `--` does not belong. */
const TABLE: readonly Row[] = [
  [CHUNK.init, 'cl cl cw ce es cl cl sa cw', '-- cl cw ce es ss sr sa --'],
  [CHUNK.initAck, 'cl cl cw ce es ss sr sa cl', '-- cw cw ce es ss sr sa --'],
  [CHUNK.abort, 'cl cl cl cl cl cl cl cl cl', '-- cl cl cl cl cl cl cl --'],
  [CHUNK.shutdown, 'cl cl cw ce ss ss sr sa cl', '-- cl cw ce sr ss sr sa --'],
  [CHUNK.shutdownAck, 'sa cl cw ce es sa sa sa sa', '-- cl cw ce es sa sa sa --'],
  [CHUNK.error, 'cl cl cw ce es ss sr sa cl', '-- cl cw cl es ss sr sa --'],
  [CHUNK.cookieEcho, 'cl cl ce ce es ss sr sa cl', '-- cl ce ce es ss sr sa --'],
  [CHUNK.cookieAck, 'cl cl cw es es ss sr sa cl', '-- cl cw es es ss sr sa --'],
  [CHUNK.shutdownComplete, 'cl cl cw ce es ss sr cl cl', '-- cl cw ce es ss sr cl --'],
  [CHUNK.heartbeat, 'hs cl cw ce es ss sr sa hs', '-- cl cw ce es ss sr sa hs'],
  [CHUNK.heartbeatAck, 'cl cl cw ce es ss sr sa hs', '-- cl cw ce es ss sr sa es'],
]
const STEPS = new Map(
  TABLE.flatMap(([chunk, ...rows]) =>
    rows.flatMap((row, side) =>
      row
        .split(' ')
        .map((word, at) => [`${side === 0 ? 'original' : 'reply'} ${chunk} ${STATES[at]}`, WORDS[word]] as const),
    ),
  ),
)
const KNOWN: ReadonlySet<number> = new Set(TABLE.map(([chunk]) => chunk))

/** What a chunk makes of an association in this state; data and the like leave it as it is. */
export function stepSctp(direction: Direction, chunk: number, state: SctpState): SctpState | 'invalid' {
  if (!KNOWN.has(chunk)) return state
  return STEPS.get(`${direction} ${chunk} ${state}`) ?? 'invalid'
}
