import { byteIn, longIn, wordIn } from '../frame/bytes.ts'
import type { TcpKind } from './tcp-states.ts'

/** A TCP segment, as far as conntrack reads it. Numbers of 32 bits are never negative. */
export type TcpSegment = {
  readonly sequence: number
  readonly acknowledged: number
  readonly flags: number
  readonly window: number
  /** Behind the last byte; SYN and FIN count as one each. */
  readonly end: number
  /** Undefined where there are none. */
  readonly options: Uint8Array | undefined
}

/** Bits of the flags. RFC 9293. */
export const TCP_FLAG = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const
const { fin, syn, rst, ack, urg } = TCP_FLAG
/** PSH, ECE and CWR may stand beside anything. */
const CHECKED = fin | syn | rst | ack | urg
const VALID: readonly number[] = [syn, syn | urg, syn | ack, rst, rst | ack, fin | ack, fin | ack | urg, ack, ack | urg]
const SHORTEST = 20

/** The segment at a place; undefined where it is malformed, or has flags that do not go together (tcp_error). */
export function readSegment(bytes: Uint8Array, at: number): TcpSegment | undefined {
  const length = bytes.length - at
  const header = (byteIn(bytes, at + 12) >> 4) * 4
  if (length < SHORTEST || header < SHORTEST || length < header) return undefined
  const flags = byteIn(bytes, at + 13)
  if (!VALID.includes(flags & CHECKED)) return undefined
  const sequence = longIn(bytes, at + 4)
  const extra = (flags & syn ? 1 : 0) + (flags & fin ? 1 : 0)
  return {
    sequence,
    acknowledged: longIn(bytes, at + 8),
    flags,
    window: wordIn(bytes, at + 14),
    end: (sequence + length - header + extra) >>> 0,
    options: header === SHORTEST ? undefined : bytes.subarray(at + SHORTEST, at + header),
  }
}

/** What a segment is by its flags. */
export function kindOf({ flags }: TcpSegment): TcpKind {
  if (flags & rst) return 'rst'
  if (flags & syn) return flags & ack ? 'synack' : 'syn'
  if (flags & fin) return 'fin'
  return flags & ack ? 'ack' : 'none'
}

/** Every option with its value, in order, up to the first that is malformed. */
export function optionsOf(options: Uint8Array): readonly (readonly [kind: number, value: Uint8Array])[] {
  const found: (readonly [number, Uint8Array])[] = []
  for (let at = 0; at < options.length; ) {
    const kind = byteIn(options, at)
    if (kind === 0) break
    if (kind === 1) {
      at += 1
      continue
    }
    const length = byteIn(options, at + 1)
    if (length < 2 || at + length > options.length) break
    found.push([kind, options.subarray(at + 2, at + length)])
    at += length
  }
  return found
}
