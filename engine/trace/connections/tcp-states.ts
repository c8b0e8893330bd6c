import type { Direction } from './direction.ts'

const STATES = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
] as const
/** States of a TCP connection, as conntrack names them; SYN_SENT2 is one that both sides open. */
export type TcpState = (typeof STATES)[number]
/** What a segment is by its flags, the first that fits. */
export type TcpKind = 'rst' | 'syn' | 'synack' | 'fin' | 'ack' | 'none'
/** What a segment does to a connection: its next state, nothing because both ends may know better, or it does not belong. */
export type TcpStep = TcpState | 'ignore' | 'invalid'

const WORDS: Readonly<Record<string, TcpStep>> = {
  ss: 'SYN_SENT',
  sr: 'SYN_RECV',
  es: 'ESTABLISHED',
  fw: 'FIN_WAIT',
  cw: 'CLOSE_WAIT',
  la: 'LAST_ACK',
  tw: 'TIME_WAIT',
  cl: 'CLOSE',
  s2: 'SYN_SENT2',
  '..': 'ignore',
  '--': 'invalid',
}
/** A column for each of STATES (nf_conntrack_proto_tcp, tcp_conntracks). */
const TABLE: Readonly<Record<Direction, Readonly<Record<TcpKind, string>>>> = {
  original: {
    syn: 'ss ss .. .. .. .. .. ss ss s2',
    synack: '-- -- sr -- -- -- -- -- -- sr',
    fin: '-- -- fw fw la la la tw cl --',
    ack: 'es -- es es cw cw tw tw cl --',
    rst: '-- cl cl cl cl cl cl cl cl cl',
    none: '-- -- -- -- -- -- -- -- -- --',
  },
  reply: {
    syn: '-- s2 -- -- -- -- -- ss -- s2',
    synack: '-- sr .. .. .. .. .. .. .. sr',
    fin: '-- -- fw fw la la la tw cl --',
    ack: '-- .. sr es cw cw tw tw cl ..',
    rst: '-- cl cl cl cl cl cl cl cl cl',
    none: '-- -- -- -- -- -- -- -- -- --',
  },
}
const STEPS = new Map(
  Object.entries(TABLE).flatMap(([direction, kinds]) =>
    Object.entries(kinds).flatMap(([kind, row]) =>
      row.split(' ').map((word, at) => [`${direction} ${kind} ${STATES[at]}`, WORDS[word] ?? 'invalid'] as const),
    ),
  ),
)

/** What a segment of this kind makes of a connection in this state. */
export function stepTcp(direction: Direction, kind: TcpKind, state: TcpState): TcpStep {
  return STEPS.get(`${direction} ${kind} ${state}`) ?? 'invalid'
}
