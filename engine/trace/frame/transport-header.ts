import { byteIn } from './bytes.ts'
import type { Frame } from './frame.ts'

/** What a match of x_tables says of a packet: it may also drop it at once (`hotdrop`). */
export type XtAnswer = 'match' | 'no' | 'drop'

/**
 * Whether a packet holds so many bytes of its transport header, as the modules of x_tables ask before they compare anything: a later
 * fragment does not match, a header that is cut off is dropped. `isTcp`: so is a fragment that would overwrite TCP flags.
 */
export function needHeader({ bytes, ip }: Frame, length: number, isTcp: boolean): XtAnswer {
  if (ip === undefined) return 'no'
  if (ip.fragmentOffset !== 0) return isTcp && ip.fragmentOffset === 1 ? 'drop' : 'no'
  return bytes.length < ip.transport + length ? 'drop' : 'match'
}

/** Whether a TCP option is there (xt_tcpudp, tcp_find_option): options are walked through by their lengths alone. */
export function hasTcpOption({ bytes, ip }: Frame, option: number): boolean | 'drop' {
  const start = ip?.transport ?? 0
  const length = (byteIn(bytes, start + 12) >> 4) * 4 - 20
  if (length < 0 || bytes.length < start + 20 + length) return 'drop'
  for (let at = 0; at < length; ) {
    const kind = byteIn(bytes, start + 20 + at)
    if (kind === option) return true
    // What lies behind the options of the header reads as 0 there.
    const told = at + 1 < length ? byteIn(bytes, start + 21 + at) : 0
    at += kind < 2 ? 1 : told === 0 ? 1 : told
  }
  return false
}
