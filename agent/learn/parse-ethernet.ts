import { addressText } from './address-text.ts'
import { bytes } from './bytes.ts'

/** The header of a frame; the payload begins at `at`. */
export type EthernetHeader = {
  readonly source: string
  readonly destination: string
  /** EtherType behind the tag, if there is one. */
  readonly type: number
  readonly at: number
}

const HEADER = 14
const TAG = 4
const TAG_TYPES = [0x8100, 0x88a8]

/** Ethernet II with at most one 802.1Q tag; undefined for a second tag, lengths instead of types, and frames cut short. */
export function parseEthernet(frame: Uint8Array): EthernetHeader | undefined {
  if (frame.length < HEADER) return undefined
  const isTagged = bytes.word(frame, 12) === 0x8100
  const at = isTagged ? HEADER + TAG : HEADER
  if (frame.length < at) return undefined
  const type = bytes.word(frame, at - 2)
  if (type < 0x600 || TAG_TYPES.includes(type)) return undefined
  return { source: addressText.mac(frame, 6), destination: addressText.mac(frame, 0), type, at }
}
