import type { Random } from '../random.ts'
import { type Bytes, long } from './bytes.ts'
import { PROTOCOL, type Segment, TCP_FLAG } from './segment.ts'

/** One packet of an exchange: by whom, and what it has of its own. */
export type Turn = { readonly isAnswer: boolean; readonly segment: Partial<Segment> }

const { SYN, ACK, FIN, RST, PSH } = TCP_FLAG
/** The type that answers each. RFC 792, 4443, 4861, 4620. */
const ANSWERS: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  [PROTOCOL.icmp]: { 8: 0, 13: 14, 15: 16, 17: 18 },
  [PROTOCOL.icmpv6]: { 128: 129, 135: 136, 139: 140 },
}
const ECHO: Readonly<Record<number, number>> = { [PROTOCOL.icmp]: 8, [PROTOCOL.icmpv6]: 128 }

/** The packets that follow from an opening, as its protocol wants them. */
export function turnsOf(random: Random, opening: Segment): readonly Turn[] {
  switch (opening.protocol) {
    case PROTOCOL.tcp:
      return tcpTurns(random)
    case PROTOCOL.sctp:
      return sctpTurns(random)
    case PROTOCOL.icmp:
    case PROTOCOL.icmpv6:
      return echoTurns(random, opening)
    default:
      return [question({ data: [1] }), answer({ data: [2, 2] }), question({ data: [3] }), answer({ data: [4] })]
  }
}

function question(segment: Partial<Segment>): Turn {
  return { isAnswer: false, segment }
}

function answer(segment: Partial<Segment>): Turn {
  return { isAnswer: true, segment }
}

/** A connection from SYN to FIN, or one that is reset. The numbers fit: conntrack follows the windows. */
function tcpTurns(random: Random): readonly Turn[] {
  const [client, server] = [random.below(2 ** 31), random.below(2 ** 31)]
  const [asked, told]: readonly [Bytes, Bytes] = [filled(1 + random.below(20)), filled(1 + random.below(40))]
  const [clientNext, serverNext] = [client + 1 + asked.length, server + 1 + told.length]
  const none = { data: [], option: undefined }
  const start = [
    question({ ...none, flags: SYN, sequence: client, acknowledged: 0, option: 2 }),
    answer({ ...none, flags: SYN | ACK, sequence: server, acknowledged: client + 1, option: 2 }),
    question({ ...none, flags: ACK, sequence: client + 1, acknowledged: server + 1 }),
    question({ ...none, flags: PSH | ACK, sequence: client + 1, acknowledged: server + 1, data: asked }),
  ]
  if (random.chance(0.15)) return [...start, answer({ ...none, flags: RST, sequence: server + 1, acknowledged: 0 })]
  return [
    ...start,
    answer({ ...none, flags: PSH | ACK, sequence: server + 1, acknowledged: clientNext, data: told }),
    question({ ...none, flags: FIN | ACK, sequence: clientNext, acknowledged: serverNext }),
    answer({ ...none, flags: FIN | ACK, sequence: serverNext, acknowledged: clientNext + 1 }),
    question({ ...none, flags: ACK, sequence: clientNext + 1, acknowledged: serverNext + 1 }),
  ]
}

/** INIT to SHUTDOWN COMPLETE. The tag of a packet is the one its receiver chose. RFC 9260. */
function sctpTurns(random: Random): readonly Turn[] {
  const [client, server] = [1 + random.below(2 ** 31), 1 + random.below(2 ** 31)]
  const toServer = (type: number, data: Bytes) => question({ type, code: 0, rest: long(server), data })
  const toClient = (type: number, data: Bytes) => answer({ type, code: 0, rest: long(client), data })
  return [
    question({ type: 1, code: 0, rest: long(0), sequence: client }),
    answer({ type: 2, code: 0, rest: long(client), sequence: server }),
    toServer(10, [1, 2, 3, 4]),
    toClient(11, []),
    toServer(0, filled(16)),
    toClient(3, filled(12)),
    toServer(7, filled(4)),
    toClient(8, []),
    toServer(14, []),
  ]
}

/** Questions with their answers; a type that has none is an echo, or stands alone. */
function echoTurns(random: Random, { protocol, type }: Segment): readonly Turn[] {
  const answers = ANSWERS[protocol] ?? {}
  const asked = type in answers ? type : random.chance(0.5) ? (ECHO[protocol] ?? type) : undefined
  if (asked === undefined) return [question({}), answer({})]
  const [high, low] = [random.below(256), random.below(256)]
  return [1, 2].flatMap((number) => [
    question({ type: asked, code: 0, rest: [high, low, 0, number] }),
    answer({ type: answers[asked] ?? 0, code: 0, rest: [high, low, 0, number] }),
  ])
}

function filled(length: number): Bytes {
  return Array<number>(length).fill(0x61)
}
