import { type Bytes, long, word } from './bytes.ts'
import { type IpPacket, ipPackets, isIpv6 } from './ip-packet.ts'

/** Layout of RFC 826; rarp has it too (RFC 903). */
export type ArpPacket = {
  readonly hardware: number
  readonly protocol: number
  readonly operation: number
  readonly senderMac: Bytes
  readonly senderIp: Bytes
  readonly targetMac: Bytes
  readonly targetIp: Bytes
}

/** What a bridge says in IEEE 802.1D; of a topology change (type 0x80) only the type is sent. */
export type Bpdu = {
  /** Everything stands one byte too early, which is where ebtables (ebt_stp) looks for it. */
  readonly isEarly?: boolean
  readonly version: number
  readonly type: number
  readonly flags: number
  readonly rootPriority: number
  readonly rootMac: Bytes
  readonly rootCost: number
  readonly senderPriority: number
  readonly senderMac: Bytes
  readonly port: number
  /** Age, greatest age, hello time, forward delay. */
  readonly times: readonly [number, number, number, number]
}

export type FrameBody =
  | { readonly kind: 'ip'; readonly packet: IpPacket }
  | { readonly kind: 'arp'; readonly etherType: number; readonly arp: ArpPacket }
  | { readonly kind: 'stp'; readonly bpdu: Bpdu }
  /** An EtherType of 1500 or less is a length, as in 802.3, and is made to fit. */
  | { readonly kind: 'other'; readonly etherType: number; readonly data: Bytes }

/** A frame before it is bytes, so that one field can be changed and all sums still fit. */
export type FrameDraft = {
  /** The namespace whose eth0 sends it. */
  readonly from: string
  readonly src: Bytes
  readonly dst: Bytes
  /** Tag control information of an 802.1Q tag. */
  readonly tag: number | undefined
  readonly body: FrameBody
}

const SHORTEST = 60
const LONGEST_LENGTH = 1500

/** The frames of a draft: one, or a frame for each fragment. */
export function draftFrames({ src, dst, tag, body }: FrameDraft): readonly Bytes[] {
  const start = [...dst, ...src, ...(tag === undefined ? [] : [0x81, 0, ...word(tag)])]
  return payloads(body).map(([etherType, payload]) => {
    const type = etherType <= LONGEST_LENGTH ? payload.length : etherType
    const frame = [...start, ...word(type), ...payload]
    while (frame.length < SHORTEST) frame.push(0)
    return frame
  })
}

function payloads(body: FrameBody): readonly (readonly [etherType: number, payload: Bytes])[] {
  switch (body.kind) {
    case 'ip':
      return ipPackets(body.packet).map((packet) => [isIpv6(body.packet) ? 0x86dd : 0x0800, packet] as const)
    case 'arp':
      return [[body.etherType, arpBytes(body.arp)]]
    case 'stp':
      return [[0, [0x42, 0x42, 3, ...bpduBytes(body.bpdu)]]]
    default:
      return [[body.etherType, body.data]]
  }
}

function arpBytes({ hardware, protocol, operation, senderMac, senderIp, targetMac, targetIp }: ArpPacket): Bytes {
  const start = [...word(hardware), ...word(protocol), 6, 4, ...word(operation)]
  return [...start, ...senderMac, ...senderIp, ...targetMac, ...targetIp]
}

function bpduBytes({ isEarly, version, type, flags, times, ...bpdu }: Bpdu): Bytes {
  const start = [...(isEarly ? [0] : [0, 0]), version, type]
  if (type === 0x80) return start
  return [
    ...start,
    flags,
    ...word(bpdu.rootPriority),
    ...bpdu.rootMac,
    ...long(bpdu.rootCost),
    ...word(bpdu.senderPriority),
    ...bpdu.senderMac,
    ...word(bpdu.port),
    ...times.flatMap(word),
    // The length of what follows in version 2 (rapid spanning tree).
    ...(version >= 2 ? [0] : []),
  ]
}
